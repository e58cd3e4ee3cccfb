import { quantileSorted } from 'simple-statistics';
import type { Estimate, Row } from '../model/row.ts';
import { type Centre, pseudoMedian } from './signed-rank.ts';

/**
 * How many times as fast a variant is as its baseline: the exponential of the Hodges-Lehmann pseudo-median of
 * ln(baseline time / variant time), paired by round, with the 95 % interval of the Wilcoxon signed-rank test.
 *
 * @param baselineMs times of the baseline, one a round, all positive
 * @param variantMs times of the variant in the same rounds, in the same order
 * @returns the ratio; its interval is null below 6 rounds, where no 95 % interval exists
 * @throws RangeError if the lists differ in length, are empty, or hold a time that is not positive
 */
export function speedup(baselineMs: readonly number[], variantMs: readonly number[]): Estimate {
  return speedupOfLogs(logRatios(baselineMs, variantMs));
}

/** The same from the logarithms of the ratios, at least one. */
export function speedupOfLogs(logs: readonly number[]): Estimate {
  return exponential(pseudoMedian(logs));
}

/**
 * The centre of times or ratios: the exponential of the Hodges-Lehmann pseudo-median of their logarithms, with its 95 %
 * interval.
 *
 * @param values at least one positive number
 * @throws RangeError without values
 */
export function geometricCentre(values: readonly number[]): Estimate {
  return exponential(pseudoMedian(values.map(Math.log)));
}

/**
 * The ratio of two rows' times, from the speedups of both over their common baseline. All reports take the ratio from
 * here, so that they print the same number.
 *
 * @returns with the interval of the speedup if one of the two rows is the baseline, otherwise without interval
 */
export function timesAsLong(own: Beside, other: Beside): Estimate {
  if (own.baseline && !other.baseline) return other.speedup;
  if (other.baseline) return inverseOf(own.speedup);
  return { value: other.speedup.value / own.speedup.value, low: null, high: null };
}

/** The inverse of a positive ratio or time, with its interval. */
export function inverseOf({ value, low, high }: Estimate): Estimate {
  const inverse = (end: number | null) => (end === null ? null : 1 / end);
  return { value: 1 / value, low: inverse(high), high: inverse(low) };
}

type Beside = Pick<Row, 'baseline' | 'speedup'>;

/** A ratio or a time from its logarithm, with its interval. */
export function exponential({ value, interval }: Centre): Estimate {
  return {
    value: Math.exp(value),
    low: interval === null ? null : Math.exp(interval.low),
    high: interval === null ? null : Math.exp(interval.high),
  };
}

/** ln(baseline / variant) round by round; arguments and errors as those of {@link speedup}. */
export function logRatios(baselineMs: readonly number[], variantMs: readonly number[]): number[] {
  if (baselineMs.length !== variantMs.length)
    throw new RangeError(`Paired times differ in number: ${baselineMs.length} and ${variantMs.length}.`);
  return baselineMs.map((baseline, round) => {
    const variant = variantMs[round]!;
    if (!(baseline > 0 && variant > 0))
      throw new RangeError(`A time must be positive: ${baseline}, ${variant}.`);
    return Math.log(baseline / variant);
  });
}

/**
 * Positions of the values outside Tukey's fences: more than 1.5 interquartile ranges below the first
 * quartile or above the third (Tukey, Exploratory Data Analysis, 1977). None below 4 values.
 */
export function outliers(values: readonly number[]): number[] {
  if (values.length < 4) return [];
  const sorted = [...values].sort((one, other) => one - other);
  const first = quantileSorted(sorted, 0.25);
  const third = quantileSorted(sorted, 0.75);
  const reach = 1.5 * (third - first);
  return values.flatMap((value, index) => (value < first - reach || value > third + reach ? [index] : []));
}
