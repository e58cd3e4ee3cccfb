import type { Estimate } from '../model/row.ts';
import { rankSumTest, shift } from './rank-sum.ts';
import { type Centre, pseudoMedian, signedRankTest } from './signed-rank.ts';

/** What two runs say of one row: logarithms of its speedup, one a round. */
export interface Sides {
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Whether a row changed by more than the margin, by less, or neither can be said. */
export type Verdict = 'regressed' | 'improved' | 'unchanged' | 'inconclusive';

/** How a row's speedup changed. */
export interface Change {
  /** Speedup after / speedup before. */
  readonly ratio: Estimate;
  /** Two-sided, of no change at all. It decides nothing: a change must be beyond the margin, which p knows nothing of. */
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
 * @param rows at least one value on either side of each, as many on both where they are paired
 * @param margin as a share: 0.05 takes changes by a factor below 1.05, up or down, for none
 * @returns in the order of the rows
 * @throws RangeError where a side is empty or pairs differ in number
 */
export function compare(rows: readonly Sides[], margin: number, paired = false): Change[] {
  return rows.map((sides) => {
    const { p, centre } = paired ? comparePaired(sides) : compareUnpaired(sides);
    return { ratio: exponentialOf(centre), p, verdict: verdictOf(centre, Math.log1p(margin)) };
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

function exponentialOf({ value, interval }: Centre): Estimate {
  return {
    value: Math.exp(value),
    low: interval === null ? null : Math.exp(interval.low),
    high: interval === null ? null : Math.exp(interval.high),
  };
}
