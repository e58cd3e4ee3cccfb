/** Prints a comparison, for a terminal or as Markdown. */
import { markdownTable } from 'markdown-table';
import { formatRatio, formatTime } from '../../findings/numbers.ts';
import type { Estimate } from '../../model/row.ts';
import { escapeMarkdown } from '../markdown.ts';
import { drawTable } from '../table.ts';
import { joinNames, TERMINAL_WIDTH, wrapText } from '../text.ts';
import type { ComparedRow, Comparison } from './comparison.ts';
import { formatChange, formatChangeInterval, remarksOn, verdictsOn } from './comparison-remarks.ts';

const HEADINGS = ['before', 'now', 'change', '95 % interval', 'verdict'];
const SPEEDUP_HEADINGS = ['speedup before', 'speedup now'];
/** The least width of names, even if other columns are wide. */
const LEAST_NAME_WIDTH = 8;

/** For a terminal of 80 columns: the verdicts, then a table for each experiment's group, then remarks. */
export function comparisonText(comparison: Comparison): string {
  const groups = Map.groupBy(comparison.rows, ({ experiment, group }) =>
    joinNames([experiment, group], ', '),
  );
  const tables = [...groups].map(([name, rows]) => {
    const lines = rows.flatMap((row) => linesOf(row, '  again'));
    return [
      ...wrapText(name, TERMINAL_WIDTH),
      fitTable([['variant', ...headingsOf(comparison, '\n')], ...lines]),
      '',
    ].join('\n');
  });
  const told = (lines: readonly string[]) => lines.map((line) => wrapName(line, TERMINAL_WIDTH)).join('\n');
  return [`${told(verdictsOn(comparison))}\n`, ...tables, told(remarksOn(comparison))].join('\n').trimEnd();
}

/** For a pull request or a step's summary. */
export function comparisonMarkdown(comparison: Comparison): string {
  const timed = comparison.decidedBy === 'time';
  const lines = comparison.rows.flatMap((row) =>
    linesOf(row, `${nameOf(row)}, again`).map((cells) => [row.experiment, row.group, ...cells]),
  );
  const headings = ['experiment', 'group', 'variant', ...headingsOf(comparison, ' ')];
  const table = markdownTable(
    [headings, ...lines.map((line) => line.map(escapeMarkdown))],
    // Padding would take a third of the size limit of a comment.
    {
      align: headings.map((name) => (/^(experiment|group|variant|verdict)$/.test(name) ? 'l' : 'r')),
      alignDelimiters: false,
    },
  );
  const title = timed ? '## Times compared' : '## Speedups compared';
  const told = (remarks: readonly string[]) => remarks.map(escapeMarkdown);
  return `${[title, ...told(verdictsOn(comparison)), table, ...told(remarksOn(comparison))].join('\n\n')}\n`;
}

/** If times decide, the speedups are shown next to them. */
function headingsOf({ decidedBy }: Comparison, space: string): string[] {
  if (decidedBy !== 'time') return HEADINGS;
  return HEADINGS.toSpliced(-1, 0, ...SPEEDUP_HEADINGS.map((heading) => heading.replace(' ', space)));
}

/** The lines of a row: the first measurement and, if there is one, the second. */
function linesOf(row: ComparedRow, again: string): string[][] {
  return [
    [nameOf(row), ...cellsOf(row)],
    ...(row.again === undefined ? [] : [[again, ...cellsOf(row.again)]]),
  ];
}

function nameOf({ variant, baseline }: ComparedRow): string {
  return baseline ? `${variant} (baseline)` : variant;
}

/** The cells of a row: the deciding figures, then the verdict. */
function cellsOf({
  baseline,
  before,
  after,
  ratio,
  beforeMs,
  afterMs,
  timeRatio,
  verdict,
}: ComparedRow): string[] {
  const speedups = [formatRatio(before.value), formatRatio(after.value)];
  if (timeRatio === null) return [...speedups, ...changeCells(ratio), verdict];
  const times = [formatTime(beforeMs.value), formatTime(afterMs.value)];
  // The speedup of a baseline is 1 by definition.
  return [...times, ...changeCells(timeRatio), ...(baseline ? ['', ''] : speedups), verdict];
}

function changeCells(ratio: Estimate): string[] {
  return [formatChange(ratio), formatChangeInterval(ratio)];
}

/** Wraps names so that the table keeps within the terminal. */
function fitTable(lines: readonly string[][]): string {
  const widthOf = (cell: string) => Math.max(...cell.split('\n').map(({ length }) => length));
  const others = lines[0]!
    .slice(1)
    .map((_, index) => Math.max(...lines.map((line) => widthOf(line[index + 1]!))));
  const taken = others.reduce((sum, width) => sum + width + 1, 0);
  const room = Math.max(LEAST_NAME_WIDTH, TERMINAL_WIDTH - taken);
  return drawTable(lines.map(([name, ...cells]) => [wrapName(name!, room), ...cells]));
}

/** Breaks a name at blanks, or anywhere if it has no blanks. */
function wrapName(name: string, width: number): string {
  if (name.length <= width) return name;
  const lines = wrapText(name, width).flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'gu')) ?? []);
  return lines.join('\n');
}
