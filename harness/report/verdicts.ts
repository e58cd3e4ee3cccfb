/** What follows from the verdicts of a comparison. */
import type { Verdict } from '../statistics/comparison.ts';
import { nameOf } from './compared-rows.ts';
import type { ComparedRow, Comparison } from './comparison.ts';

/**
 * What is left of a comparison once its regressions were measured again: one that did not come again is inconclusive.
 *
 * @param second of at least the rows that regressed, by the same margin
 */
export function confirm(first: Comparison, second: Comparison): Comparison {
  const cameAgain = (row: ComparedRow) =>
    second.rows.some((other) => nameOf(other) === nameOf(row) && other.verdict === 'regressed');
  const regressed = first.rows.filter(({ verdict }) => verdict === 'regressed');
  return {
    ...first,
    rows: first.rows.map((row) =>
      row.verdict === 'regressed' && !cameAgain(row) ? { ...row, verdict: 'inconclusive' } : row,
    ),
    again: {
      confirmed: regressed.filter(cameAgain).map(nameOf),
      refuted: regressed.filter((row) => !cameAgain(row)).map(nameOf),
    },
  };
}

/** The experiments in which a row regressed. */
export function regressedExperiments({ rows }: Comparison): string[] {
  return [
    ...new Set(rows.filter(({ verdict }) => verdict === 'regressed').map(({ experiment }) => experiment)),
  ];
}

/** Whether an experiment of either run went wrong, so that the comparison is not whole. */
export function hasErrored({ lacking }: Comparison): boolean {
  return [lacking.before, lacking.after].some(({ unfinished }) =>
    unfinished.some(({ status }) => status === 'errored'),
  );
}

/** Whether more rounds could decide nothing more. */
export function isDecided({ rows }: Comparison): boolean {
  return rows.every(({ verdict }) => verdict !== 'inconclusive');
}

/** How many rows there are of each verdict, the worst first. */
export function verdictCounts(rows: readonly ComparedRow[]): { verdict: Verdict; count: number }[] {
  return (['regressed', 'improved', 'unchanged', 'inconclusive'] as const).map((verdict) => ({
    verdict,
    count: rows.filter((row) => row.verdict === verdict).length,
  }));
}
