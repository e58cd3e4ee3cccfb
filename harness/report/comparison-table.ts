/** A comparison as people read it, in a terminal or as Markdown. */
import { markdownTable } from 'markdown-table';
import type { ComparedRow, Comparison } from './comparison.ts';
import { remarksOn } from './comparison-remarks.ts';
import { escapeMarkdown } from './markdown.ts';
import { drawTable } from './table.ts';
import { formatRatio, joinNames, TERMINAL_WIDTH, wrapText } from './text.ts';

const HEADINGS = ['variant', 'before', 'now', 'change', '95 % interval', 'p (Holm)', 'verdict'];

/** For a terminal of 80 columns: a table for each experiment's group. */
export function comparisonText(comparison: Comparison): string {
  const groups = Map.groupBy(comparison.rows, ({ experiment, group }) =>
    joinNames([experiment, group], ', '),
  );
  const tables = [...groups].map(
    ([name, rows]) =>
      `${name}\n${drawTable([HEADINGS, ...rows.map((row) => [row.variant, ...cellsOf(row)])])}\n`,
  );
  const lines = remarksOn(comparison).flatMap((remark) => wrapText(remark, TERMINAL_WIDTH));
  return [...tables, lines.join('\n')].join('\n');
}

/** For a pull request or a step's summary. */
export function comparisonMarkdown(comparison: Comparison): string {
  const rows = comparison.rows.map((row) =>
    [row.experiment, row.group, row.variant, ...cellsOf(row)].map(escapeMarkdown),
  );
  const table = markdownTable([['experiment', 'group', ...HEADINGS], ...rows], {
    align: ['l', 'l', 'l', 'r', 'r', 'r', 'r', 'r', 'l'],
  });
  return `${['## Speedups compared', table, ...remarksOn(comparison).map(escapeMarkdown)].join('\n\n')}\n`;
}

function cellsOf({ before, after, ratio, adjustedP, verdict }: ComparedRow): string[] {
  const percent = (share: number) => `${share >= 1 ? '+' : ''}${((share - 1) * 100).toFixed(1)}`;
  return [
    formatRatio(before.value),
    formatRatio(after.value),
    `${percent(ratio.value)} %`,
    ratio.low === null || ratio.high === null ? 'none' : `${percent(ratio.low)} to ${percent(ratio.high)}`,
    adjustedP.toPrecision(2),
    verdict,
  ];
}
