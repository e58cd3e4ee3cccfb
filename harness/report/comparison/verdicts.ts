/** Queries about the verdicts of a comparison. */

import type { Estimate } from '../../model/row.ts';
import { isOutOfReach } from '../../statistics/outlook.ts';
import { nameOf } from './compared-rows.ts';
import type { ComparedRow, Comparison, RowVerdict } from './comparison.ts';

/**
 * The comparison after its regressions were measured again: a regression that was not repeated is not confirmed.
 *
 * @param second the second measurement of at least the regressed rows, with the same margin
 */
export function confirm(first: Comparison, second: Comparison): Comparison {
  const secondRows = new Map(second.rows.map((row) => [nameOf(row), row]));
  const rows = first.rows.map((row): ComparedRow => {
    if (row.verdict !== 'regressed') return row;
    const again = secondRows.get(nameOf(row));
    const verdict = again?.verdict === 'regressed' ? 'regressed' : 'not confirmed';
    return { ...row, verdict, ...(again === undefined ? {} : { again }) };
  });
  const namesOf = (verdict: RowVerdict) => rows.filter((row) => row.verdict === verdict).map(nameOf);
  const known = first.warnings.map(({ what }) => what);
  const newWarnings = second.warnings.filter(({ what }) => !known.includes(what));
  return {
    ...first,
    rows,
    warnings: [
      ...first.warnings,
      ...newWarnings.map(({ what, remedy }) => ({ what: `When measured again: ${what}`, remedy })),
    ],
    again: { confirmed: namesOf('regressed'), refuted: namesOf('not confirmed') },
  };
}

/** The rows that regressed. */
export function regressedRows({ rows }: Comparison): ComparedRow[] {
  return rows.filter(({ verdict }) => verdict === 'regressed');
}

/** The experiments in which a row regressed. */
export function regressedExperiments(comparison: Comparison): string[] {
  return [...new Set(regressedRows(comparison).map(({ experiment }) => experiment))];
}

/** Whether an experiment of either run errored, so that the comparison is incomplete. */
export function hasErrored({ lacking }: Comparison): boolean {
  return [lacking.before, lacking.after].some(({ unfinished }) =>
    unfinished.some(({ status }) => status === 'errored'),
  );
}

/** What decides whether a row is settled. */
export type JudgedRow = Pick<ComparedRow, 'verdict' | 'rounds' | 'ratio' | 'timeRatio'>;

/** Whether a row needs no further rounds: it has a verdict, or none is within reach of `mostRounds`. */
export function isSettled(row: JudgedRow, margin: number, mostRounds: number): boolean {
  if (row.verdict !== 'inconclusive' && row.verdict !== 'not confirmed') return true;
  return isOutOfReach({ change: changeOf(row), rounds: row.rounds.after, margin }, mostRounds);
}

/** The deciding change of a row: of its time, or of its speedup. */
export function changeOf({ ratio, timeRatio }: Pick<ComparedRow, 'ratio' | 'timeRatio'>): Estimate {
  return timeRatio ?? ratio;
}

/** Whether a row has enough rounds for an interval, which every verdict needs. */
export function isDecidable(row: ComparedRow): boolean {
  return changeOf(row).low !== null;
}

/** The number of rows per verdict, the worst first. */
export function verdictCounts(rows: readonly ComparedRow[]): { verdict: RowVerdict; count: number }[] {
  return (['regressed', 'not confirmed', 'improved', 'unchanged', 'inconclusive'] as const).map(
    (verdict) => ({
      verdict,
      count: rows.filter((row) => row.verdict === verdict).length,
    }),
  );
}
