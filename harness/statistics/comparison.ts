import type { Estimate } from '../model/row.ts';
import { rankSumTest, shift } from './rank-sum.ts';
import { type Centre, pseudoMedian, signedRankTest } from './signed-rank.ts';
import { exponential } from './speedup.ts';

/** The default margin of a comparison, as a share: a smaller change counts as unchanged. */
export const DEFAULT_MARGIN = 0.05;

/** One row of two runs: the logarithms of its speedup, one per round. */
export interface Sides {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Whether a row changed by more than the margin, by less, or the data does not show which. */
export type Verdict = 'regressed' | 'improved' | 'unchanged' | 'inconclusive';

/** How a row's speedup changed. */
export interface Change {
  /** Speedup after / speedup before. */
  readonly ratio: Estimate;
  /** The two-sided p of no change. The verdict does not use it: a change must exceed the margin, which p ignores. */
  readonly p: number;
  readonly verdict: Verdict;
}

/**
 * Compares rows of two runs.
 *
 * Unpaired, p is that of the rank-sum test (Mann and Whitney) and the change the Hodges-Lehmann shift; paired, where
 * both sides were measured in the same rounds, p is that of the signed-rank test (Wilcoxon) and the change the
 * pseudo-median of the differences. A row regressed or improved only if the whole 95 % interval lies beyond the
 * margin, and is unchanged only if all of it lies within.
 *
 * @param rows at least one value on each side; paired, the same number on both sides
 * @param margin as a share: 0.05 ignores changes by a factor below 1.05, up or down
 * @returns in the order of the rows
 * @throws RangeError if a side is empty or pairs differ in number
 */
export function compare(rows: readonly Sides[], margin: number, paired = false): Change[] {
  return rows.map((sides) => {
    const { p, centre } = paired ? comparePaired(sides) : compareUnpaired(sides);
    return { ratio: exponential(centre), p, verdict: verdictOf(centre, Math.log1p(margin)) };
  });
}

function compareUnpaired({ before, after }: Sides): { p: number; centre: Centre } {
  return { p: rankSumTest(before, after).p, centre: shift(before, after) };
}

function comparePaired({ before, after }: Sides): { p: number; centre: Centre } {
  if (before.length !== after.length)
    throw new RangeError(`Paired rounds differ in number: ${before.length} and ${after.length}.`);
  const differences = after.map((value, round) => value - before[round]!);
  return { p: signedRankTest(differences).p, centre: pseudoMedian(differences) };
}

/** On logarithms, so that swapping the sides turns one verdict into its opposite. */
function verdictOf({ interval }: Centre, margin: number): Verdict {
  if (interval === null) return 'inconclusive';
  const { low, high } = interval;
  if (high < -margin) return 'regressed';
  if (low > margin) return 'improved';
  return low >= -margin && high <= margin ? 'unchanged' : 'inconclusive';
}
