import { markdownTable } from 'markdown-table';
import type { Row } from '../model.ts';
import type { Environment } from '../record.ts';
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
  const environments =
    environment === null ? experiments.flatMap((one) => one.environment ?? []) : [environment];
  const [machine, ...otherMachines] = new Set(environments.map(machineOf));
  const made =
    machine === undefined
      ? []
      : [
          `Profile ${summary.profile}; ${otherMachines.length === 0 ? machine : 'each experiment says where it ran'}.`,
        ];
  const parts = [
    `# ${escapeMarkdown(headlineOf(experiments))}`,
    ...warnings.map((warning) => `**Warning**: ${escapeMarkdown(warning)}`),
    ...(trusted ? made : [...made, 'Run it again before you believe it.']),
    ...experiments.flatMap((experiment) => partsOf(experiment, otherMachines.length > 0)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function machineOf({ node, undici, cpu, os }: Environment): string {
  return `Node ${node}, undici ${undici.installed}, ${escapeMarkdown(cpu.model)} with ${cpu.count} cores, ${os.platform}`;
}

/** @param withMachine says where it ran, too */
function partsOf(experiment: ExperimentSummary, withMachine: boolean): string[] {
  const { title, question, status, reason, environment } = experiment;
  // Peers stand behind ours in the record, and beside them here.
  const rows = [...Map.groupBy(experiment.rows, ({ group }) => group).values()].flat();
  return [
    `## ${escapeMarkdown(title)}`,
    escapeMarkdown(question),
    ...(withMachine && environment !== undefined ? [`${machineOf(environment)}.`] : []),
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
