/** A comparison as people read it, in a terminal or as Markdown. */
import { markdownTable } from 'markdown-table';
import { formatRatio, formatTime } from '../../findings/numbers.ts';
import type { Estimate } from '../../model/row.ts';
import { escapeMarkdown } from '../markdown.ts';
import { drawTable } from '../table.ts';
import { joinNames, TERMINAL_WIDTH, wrapText } from '../text.ts';
import type { ComparedRow, Comparison } from './comparison.ts';
import { formatChange, formatChangeInterval, remarksOn } from './comparison-remarks.ts';

const HEADINGS = ['before', 'now', 'change', '95 % interval', 'verdict'];
/** A name is never cut to less than this, however wide the other columns are. */
const LEAST_NAME_WIDTH = 8;

/** For a terminal of 80 columns: a table for each experiment's group. */
export function comparisonText(comparison: Comparison): string {
  const groups = Map.groupBy(comparison.rows, ({ experiment, group }) =>
    joinNames([experiment, group], ', '),
  );
  const tables = [...groups].map(([name, rows]) => {
    const lines = rows.flatMap((row) => [
      [nameOf(row), ...cellsOf(row)],
      ...(row.again === undefined ? [] : [['  again', ...cellsOf(row.again)]]),
      ...(row.timeRatio === null || row.baseline ? [] : [['  speedup', ...speedupCells(row), '']]),
    ]);
    return [...wrapText(name, TERMINAL_WIDTH), fitTable([['variant', ...HEADINGS], ...lines]), ''].join('\n');
  });
  const remarks = remarksOn(comparison).flatMap((remark) => wrapText(remark, TERMINAL_WIDTH));
  return [...tables, remarks.join('\n')].join('\n');
}

/** For a pull request or a step's summary. */
export function comparisonMarkdown(comparison: Comparison): string {
  const timed = comparison.decidedBy === 'time';
  const lineOf = (row: ComparedRow, name = nameOf(row)) => [
    row.experiment,
    row.group,
    name,
    ...cellsOf(row),
    ...(timed ? (row.baseline ? ['', ''] : speedupCells(row).slice(0, 2)) : []),
  ];
  const lines = comparison.rows.flatMap((row) => [
    lineOf(row),
    ...(row.again === undefined ? [] : [lineOf(row.again, `${nameOf(row)}, again`)]),
  ]);
  const speedups = timed ? ['speedup before', 'speedup now'] : [];
  const headings = ['experiment', 'group', 'variant', ...HEADINGS, ...speedups];
  const table = markdownTable(
    [headings, ...lines.map((line) => line.map(escapeMarkdown))],
    // Padding would take a third of the room that a comment has.
    {
      align: headings.map((name) => (/^(experiment|group|variant|verdict)$/.test(name) ? 'l' : 'r')),
      alignDelimiters: false,
    },
  );
  const title = timed ? '## Times compared' : '## Speedups compared';
  return `${[title, table, ...remarksOn(comparison).map(escapeMarkdown)].join('\n\n')}\n`;
}

function nameOf({ variant, baseline }: ComparedRow): string {
  return baseline ? `${variant} (baseline)` : variant;
}

/** What decides, and what follows from it. */
function cellsOf({ before, after, ratio, beforeMs, afterMs, timeRatio, verdict }: ComparedRow): string[] {
  const figures =
    timeRatio === null
      ? [formatRatio(before.value), formatRatio(after.value), ...changeCells(ratio)]
      : [formatTime(beforeMs.value), formatTime(afterMs.value), ...changeCells(timeRatio)];
  return [...figures, verdict];
}

function speedupCells({ before, after, ratio }: ComparedRow): string[] {
  return [formatRatio(before.value), formatRatio(after.value), ...changeCells(ratio)];
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

/** A name that has no blank to break it at is broken anywhere. */
function wrapName(name: string, width: number): string {
  if (name.length <= width) return name;
  const lines = wrapText(name, width).flatMap((line) => line.match(new RegExp(`.{1,${width}}`, 'gu')) ?? []);
  return lines.join('\n');
}
