import { markdownTable } from 'markdown-table';
import { warningText } from '../findings/warnings.ts';
import type { Environment } from '../record/schema.ts';
import type { ExperimentSummary, Summary } from './summary.ts';
import { findingsIn, type RowTable, rowNotes, rowTables, skippedLines, tableShape } from './table.ts';
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
    ...warnings.map((warning) => `**Warning**: ${escapeMarkdown(warningText(warning))}`),
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
  const { title, question, status, reason, environment, rows } = experiment;
  return [
    `## ${escapeMarkdown(title)}`,
    escapeMarkdown(question),
    ...(withMachine && environment !== undefined ? [`${machineOf(environment)}.`] : []),
    ...(reason === null ? [] : [`**${status}**: ${escapeMarkdown(reason)}`]),
    ...findingsIn(experiment).map(escapeMarkdown),
    ...fold(rows.length, experimentTables(experiment)),
    ...[...rowNotes(experiment), ...skippedLines(experiment)].map(escapeMarkdown),
  ];
}

function fold(rows: number, tables: readonly string[]): string[] {
  if (rows <= MOST_ROWS_UNFOLDED) return [...tables];
  return [`<details><summary>${rows} rows</summary>`, ...tables, '</details>'];
}

/**
 * The tables of an experiment, peers beside our rows. Groups stand in one table as far as their tables have the same columns.
 */
export function experimentTables(experiment: ExperimentSummary): string[] {
  const { rows } = experiment;
  const grouped = rows.some(({ group }) => group !== '');
  // Peers stand behind ours in the record.
  const groups = Map.groupBy(rows, ({ group }) => group).values();
  const shapes = Map.groupBy(groups, (members) => tableShape(experiment, members)).values();
  return [...shapes].flatMap((members) =>
    rowTables(experiment, members.flat()).map((table) => drawRowTable(table, grouped)),
  );
}

/** Words stand to the left, and figures to the right. */
const WORDS = /^(group|variant|† peer|nearest of ours)$/;

/** Each line after its row's group, where there are groups. */
function drawRowTable({ headings, body }: RowTable, grouped: boolean): string {
  const heads = grouped ? ['group', ...headings] : [...headings];
  const lines = body.map(({ row, cells }) => (grouped ? [row.group, ...cells] : [...cells]));
  return markdownTable(
    [heads, ...lines].map((line) => line.map(escapeMarkdown)),
    // Padding would take a third of the room that a comment has.
    { align: heads.map((heading) => (WORDS.test(heading) ? 'l' : 'r')), alignDelimiters: false },
  );
}

/** Text that Markdown would take for something else, as text. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_<>|[\]]/g, '\\$&');
}
