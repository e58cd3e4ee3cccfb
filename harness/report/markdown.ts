import { markdownTable } from 'markdown-table';
import { warningText } from '../findings/warnings.ts';
import type { Environment } from '../record/schema.ts';
import type { ExperimentSummary, Summary } from './summary.ts';
import { findingsIn, type RowTable, rowNotes, rowTables, skippedLines, tableShape } from './table.ts';
import { headlineOf } from './text.ts';

/** Tables with more rows are folded, since they would hide the next experiment. */
const MOST_ROWS_UNFOLDED = 24;

/**
 * `summary.md`: whether the run can be trusted, then each experiment with its finding and numbers. A whole run in the book
 * profile fits a comment on a pull request, which has at most 65,536 characters.
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
 * The tables of an experiment, with peers next to our rows. Groups with the same columns share a table.
 */
export function experimentTables(experiment: ExperimentSummary): string[] {
  const { rows } = experiment;
  const grouped = rows.some(({ group }) => group !== '');
  // In the record, peers come after our rows.
  const groups = Map.groupBy(rows, ({ group }) => group).values();
  const shapes = Map.groupBy(groups, (members) => tableShape(experiment, members)).values();
  return [...shapes].flatMap((members) =>
    rowTables(experiment, members.flat()).map((table) => drawRowTable(table, grouped)),
  );
}

/** The headings of columns with words, which are aligned to the left; figures are aligned to the right. */
const WORDS = /^(group|variant|† peer|nearest of ours)$/;

/** Draws a table; if there are groups, each line begins with its row's group. */
function drawRowTable({ headings, body }: RowTable, grouped: boolean): string {
  const heads = grouped ? ['group', ...headings] : [...headings];
  const lines = body.map(({ row, cells }) => (grouped ? [row.group, ...cells] : [...cells]));
  return markdownTable(
    [heads, ...lines].map((line) => line.map(escapeMarkdown)),
    // Padding would take a third of the size limit of a comment.
    { align: heads.map((heading) => (WORDS.test(heading) ? 'l' : 'r')), alignDelimiters: false },
  );
}

/** Escapes characters with a meaning in Markdown. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_<>|[\]]/g, '\\$&');
}
