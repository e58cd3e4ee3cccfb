/**
 * The Wilcoxon signed-rank distribution, and the estimate and interval of a centre that follow from it:
 * Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, 3rd ed., sections 3.1 to 3.3.
 */
import { median } from 'simple-statistics';

/** An estimate of where values lie, with an interval that holds the true centre with the given confidence. */
export interface Centre {
  readonly value: number;
  /** Null where there are too few values for the confidence asked for. */
  readonly interval: { readonly low: number; readonly high: number } | null;
}

/**
 * How many of the 2^n equally likely sign patterns of ranks 1 to n give each sum of the positive ranks.
 *
 * @param n how many ranks, a whole number from 0
 * @returns counts by sum, n (n + 1) / 2 + 1 of them
 */
export function signedRankCounts(n: number): Float64Array {
  const counts = new Float64Array((n * (n + 1)) / 2 + 1);
  counts[0] = 1;
  for (let rank = 1; rank <= n; rank++)
    for (let sum = (rank * (rank + 1)) / 2; sum >= rank; sum--) counts[sum]! += counts[sum - rank]!;
  return counts;
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
  const outside = averagesOutside(values.length, (1 - confidence) / 2);
  const low = averages[outside - 1];
  const high = averages[averages.length - outside];
  return {
    value: median(averages),
    interval: outside === 0 || low === undefined || high === undefined ? null : { low, high },
  };
}

/**
 * The rank, from either end, of the Walsh average that ends the interval: the largest whose tail holds no
 * more than `tail`; 0 where even the outermost one holds more.
 */
function averagesOutside(n: number, tail: number): number {
  const counts = signedRankCounts(n);
  const patterns = 2 ** n;
  let below = 0;
  for (let sum = 0; sum < counts.length; sum++) {
    below += counts[sum]!;
    if (below / patterns > tail) return sum;
  }
  return 0;
}
