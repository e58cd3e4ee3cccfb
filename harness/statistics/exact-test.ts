/**
 * Functions for all exact rank tests. Each test starts from counts: how many equally likely arrangements give each value
 * of its statistic, indexed by that value as a whole number from 0.
 */

/** Values from `low` to `high`, both included. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * The probability, under the null hypothesis, of a statistic at least as far out as the one observed: twice
 * the smaller tail, at most 1.
 *
 * @param counts arrangements by statistic
 * @param observed a whole number that indexes `counts`
 */
export function twoSidedP(counts: Float64Array, observed: number): number {
  const below = total(counts.subarray(0, observed + 1));
  const above = total(counts.subarray(observed));
  return Math.min(1, (2 * Math.min(below, above)) / total(counts));
}

/**
 * The shifts that a test does not reject, each end the order statistic of the estimates where its tail
 * begins. The confidence is at least the requested one: the distribution is discrete. If a tail holds
 * exactly the allowed probability, R's wilcox.test takes the next wider interval.
 *
 * @param estimates as many as the largest statistic, in ascending order
 * @param counts arrangements by statistic, symmetric
 * @param confidence between 0 and 1
 * @returns null where even the outermost estimates do not give the confidence
 */
export function unrejected(
  estimates: readonly number[],
  counts: Float64Array,
  confidence: number,
): Interval | null {
  const outside = ranksOutside(counts, (1 - confidence) / 2);
  const low = estimates[outside - 1];
  const high = estimates[estimates.length - outside];
  return outside === 0 || low === undefined || high === undefined ? null : { low, high };
}

/**
 * The rank, from either end, of the estimate that ends the interval: the largest whose tail holds no more
 * than `tail`; 0 where even the outermost one holds more.
 */
function ranksOutside(counts: Float64Array, tail: number): number {
  // 1 - 0.9 comes out below 0.1, which must not lose an interval whose tails hold 0.05 exactly.
  const allowed = total(counts) * (tail + 10 * Number.EPSILON);
  let below = 0;
  for (let statistic = 0; statistic < counts.length; statistic++) {
    below += counts[statistic]!;
    if (below > allowed) return statistic;
  }
  return 0;
}

function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
