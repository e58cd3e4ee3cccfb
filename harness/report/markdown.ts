import { markdownTable } from 'markdown-table';
import type { Row } from '../model.ts';
import type { ExperimentSummary, Summary } from './summary.ts';
import { cellsOf, findingsIn, HEADINGS, metricTable, peerTable, rowWarnings, skippedLines } from './table.ts';
import { headlineOf } from './text.ts';

/** Tables with more rows are folded, where whatever shows them can do that: they would bury the next experiment. */
const MOST_ROWS_UNFOLDED = 24;

/**
 * `summary.md`: whether to trust the run, then each experiment with its finding and its numbers. All of a run in the book
 * profile fits a comment on a pull request, which takes 65,536 characters.
 */
export function markdownSummary(summary: Summary): string {
  const { environment, experiments, warnings, trusted } = summary;
  const machine =
    environment === null
      ? []
      : [
          `Profile ${summary.profile}; Node ${environment.node}, undici ${environment.undici.installed}, ` +
            `${escapeMarkdown(environment.cpu.model)} with ${environment.cpu.count} cores, ${environment.os.platform}.`,
        ];
  const parts = [
    `# ${escapeMarkdown(headlineOf(experiments))}`,
    ...warnings.map((warning) => `**Warning**: ${escapeMarkdown(warning)}`),
    ...(trusted ? machine : [...machine, 'Run it again before you believe it.']),
    ...experiments.flatMap(partsOf),
  ];
  return `${parts.join('\n\n')}\n`;
}

function partsOf(experiment: ExperimentSummary): string[] {
  const { title, question, status, reason } = experiment;
  // Peers stand behind ours in the record, and beside them here.
  const rows = [...Map.groupBy(experiment.rows, ({ group }) => group).values()].flat();
  return [
    `## ${escapeMarkdown(title)}`,
    escapeMarkdown(question),
    ...(reason === null ? [] : [`**${status}**: ${escapeMarkdown(reason)}`]),
    ...findingsIn(experiment).map(escapeMarkdown),
    ...fold(rows.length, tablesOf({ ...experiment, rows })),
    ...[...rowWarnings(rows), ...skippedLines(experiment)].map(escapeMarkdown),
  ];
}

function fold(rows: number, tables: readonly string[]): string[] {
  if (rows <= MOST_ROWS_UNFOLDED) return [...tables];
  return [`<details><summary>${rows} rows</summary>`, ...tables, '</details>'];
}

function tablesOf(experiment: ExperimentSummary): string[] {
  const { rows } = experiment;
  const grouped = rows.some(({ group }) => group !== '');
  /** Each line after its row's group, where there are groups. */
  const table = (headings: readonly string[], lines: readonly [Row, readonly string[]][], words: RegExp) => {
    const heads = grouped ? ['group', ...headings] : [...headings];
    const body = lines.map(([{ group }, cells]) => (grouped ? [group, ...cells] : [...cells]));
    return markdownTable(
      [heads, ...body].map((line) => line.map(escapeMarkdown)),
      // Padding would take a third of the room that a comment has.
      { align: heads.map((heading) => (words.test(heading) ? 'l' : 'r')), alignDelimiters: false },
    );
  };
  if (rows.length === 0) return [];
  const names = /^(group|variant)$/;
  const [peerHeadings, ...peerLines] = peerTable(rows);
  const peers = rows.filter(({ nearest }) => nearest !== null);
  const { headings, lines } = metricTable(experiment, rows);
  return [
    table(
      HEADINGS,
      rows.map((row) => [row, cellsOf(row)]),
      names,
    ),
    ...(peerHeadings === undefined
      ? []
      : [
          table(
            peerHeadings,
            peerLines.map((cells, index) => [peers[index]!, cells]),
            /^(group|† peer|nearest of ours)$/,
          ),
        ]),
    ...(headings.length === 0
      ? []
      : [
          table(
            ['variant', ...headings],
            lines.map(([row, cells]) => [row, [row.variant, ...cells]]),
            names,
          ),
        ]),
  ];
}

/** Text that Markdown would take for something else, as text. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_<>|[\]]/g, '\\$&');
}
