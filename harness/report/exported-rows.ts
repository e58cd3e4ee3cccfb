/** Functions that several formats share. */
import type { Row } from '../model/row.ts';
import type { Summary } from './summary.ts';
import { joinNames } from './text.ts';

/** Every row with its experiment, named as in `crawl/semaphore@100`. */
export function namedRows(summary: Summary): { name: string; row: Row }[] {
  return summary.experiments.flatMap(({ id, rows }) =>
    rows.map((row) => ({ name: joinNames([id, row.group, row.variant], '/'), row })),
  );
}

/** An interval in words, for github-action-benchmark; empty for a row without interval. */
export function rangeOf({ low, high }: Row['speedup']): { range?: string } {
  return low === null || high === null ? {} : { range: `${low.toPrecision(6)} to ${high.toPrecision(6)}` };
}

/** A value as indented JSON with a line end. */
export function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
