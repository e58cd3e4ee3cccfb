/**
 * The Wilcoxon signed-rank distribution and test, and the estimate and interval of a centre that follow:
 * Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed., sections 3.1 to 3.3.
 */
import { median } from 'simple-statistics';
import { type Interval, twoSidedP, unrejected } from './exact-test.ts';
import { doubledMidranks } from './midranks.ts';

/** An estimate of where values lie, with an interval that holds the true centre with the given confidence. */
export interface Centre {
  readonly value: number;
  /** Null if there are too few values for the requested confidence. */
  readonly interval: Interval | null;
}

/**
 * How many of the 2^n equally likely sign patterns of ranks 1 to n give each sum of the positive ranks.
 *
 * @param n how many ranks, a whole number from 0
 * @returns counts by sum, n (n + 1) / 2 + 1 of them
 */
export function signedRankCounts(n: number): Float64Array {
  return signPatternCounts(Array.from({ length: n }, (_, index) => index + 1));
}

/** Half sums of all pairs of values, each value with itself too, in ascending order. */
export function walshAverages(values: readonly number[]): number[] {
  const averages = values.flatMap((value, index) => values.slice(index).map((other) => (value + other) / 2));
  return averages.sort((one, other) => one - other);
}

/**
 * The Hodges-Lehmann pseudo-median (the median of the Walsh averages) with the interval that the signed-rank
 * test does not reject. The interval's confidence is at least `confidence`: the distribution is discrete.
 *
 * @param values at least one finite number, from a symmetric distribution for the interval to hold
 * @param confidence between 0 and 1
 * @throws RangeError where there is no value
 */
export function pseudoMedian(values: readonly number[], confidence = 0.95): Centre {
  if (values.length === 0) throw new RangeError('A pseudo-median needs at least one value.');
  const averages = walshAverages(values);
  return {
    value: median(averages),
    interval: unrejected(averages, signedRankCounts(values.length), confidence),
  };
}

/**
 * Whether values lie to one side of 0: the exact two-sided p of the Wilcoxon signed-rank test, by the
 * distribution of the midranks of their magnitudes over all patterns of signs, so that ties need no
 * approximation. Zeros have no sign and are left out.
 *
 * @param values at least one finite number and at most 1000, from a symmetric distribution
 * @returns a p of 1 where all values are 0
 * @throws RangeError where there is no value, or one is not a finite number
 */
export function signedRankTest(values: readonly number[]): { p: number } {
  if (values.length === 0) throw new RangeError('A signed-rank test needs at least one value.');
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) throw new RangeError(`A value to test must be a finite number: ${wrong}.`);
  const signed = values.filter((value) => value !== 0);
  const ranks = doubledMidranks(signed.map(Math.abs));
  const positive = ranks.reduce((sum, rank, index) => (signed[index]! > 0 ? sum + rank : sum), 0);
  return { p: twoSidedP(signPatternCounts(ranks), positive) };
}

/** How many sign patterns of these ranks give each sum of the positive ones; ranks whole, counts by sum. */
function signPatternCounts(ranks: readonly number[]): Float64Array {
  const counts = new Float64Array(ranks.reduce((sum, rank) => sum + rank, 0) + 1);
  counts[0] = 1;
  let largest = 0;
  for (const rank of ranks) {
    largest += rank;
    for (let sum = largest; sum >= rank; sum--) counts[sum]! += counts[sum - rank]!;
  }
  return counts;
}
