/** Queries about the verdicts of a comparison. */

import type { Estimate } from '../../model/row.ts';
import { isOutOfReach } from '../../statistics/outlook.ts';
import { nameOf } from './compared-rows.ts';
import type { ComparedRow, Comparison, RowVerdict } from './comparison.ts';

/**
 * A row that takes surely this many times as long needs no second measurement: a disturbance that slows one side of each
 * paired round so much is not known.
 */
export const SURELY_SLOWER = 2;

/**
 * The comparison after its regressions were measured again: a regression that was not repeated is not confirmed.
 *
 * @param second the second measurement of at least the doubted rows, with the same margin; null if no row is doubted
 */
export function confirm(first: Comparison, second: Comparison | null): Comparison {
  const secondRows = new Map(second?.rows.map((row) => [nameOf(row), row]));
  const doubted = new Set(doubtedRows(first).map(nameOf));
  const rows = first.rows.map((row): ComparedRow => {
    if (!doubted.has(nameOf(row))) return row;
    const again = secondRows.get(nameOf(row));
    const verdict = again?.verdict === 'regressed' ? 'regressed' : 'not confirmed';
    return { ...row, verdict, ...(again === undefined ? {} : { again }) };
  });
  const namesOf = (verdict: RowVerdict) =>
    rows.filter((row) => row.verdict === verdict && doubted.has(nameOf(row))).map(nameOf);
  const known = first.warnings.map(({ what }) => what);
  const newWarnings = (second?.warnings ?? []).filter(({ what }) => !known.includes(what));
  return {
    ...first,
    rows,
    warnings: [
      ...first.warnings,
      ...newWarnings.map(({ what, remedy }) => ({ what: `When measured again: ${what}`, remedy })),
    ],
    again: {
      confirmed: namesOf('regressed'),
      refuted: namesOf('not confirmed'),
      unneeded: regressedRows(first)
        .map(nameOf)
        .filter((name) => !doubted.has(name)),
    },
  };
}

/**
 * The regressed rows that are measured again: all of them, but for those of sides that ran in turn whose 95 % interval lies
 * wholly at twice the time or more.
 */
export function doubtedRows(comparison: Comparison): ComparedRow[] {
  return regressedRows(comparison).filter(({ timeRatio }) => !((timeRatio?.low ?? 0) >= SURELY_SLOWER));
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
