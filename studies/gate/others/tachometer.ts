import jstat from 'jstat';
import { mean, sampleVariance } from 'simple-statistics';
import type { Interval } from '../../../harness/statistics/exact-test.ts';

/** The samples of each side before it decides, and how many follow at a time: src/defaults.ts and src/runner.ts. */
export const LEAST_SAMPLES = 50;
export const BATCH = 10;
/** How long it goes on after the first samples: `timeout` in src/defaults.ts. */
export const TIMEOUT_SECONDS = 180;

/**
 * The 95 % interval of the relative difference of means of tachometer 0.7.2: `computeDifference` in src/stats.ts. The
 * variances of the means add up, as in Welch's test. The degrees of freedom are those of one side.
 *
 * @param beforeMs at least two times
 * @param afterMs at least two times
 * @returns as shares: from 0.01 is a mean that is at least 1 % longer
 */
export function relativeDifference(beforeMs: readonly number[], afterMs: readonly number[]): Interval {
  const [before, after] = [meanOf(beforeMs), meanOf(afterMs)];
  const difference = (after.mean - before.mean) / before.mean;
  const variance = (before.variance * after.mean ** 2 + after.variance * before.mean ** 2) / before.mean ** 4;
  const quantile = jstat.studentt.inv(1 - 0.05 / 2, Math.min(beforeMs.length, afterMs.length) - 1);
  const margin = quantile * Math.sqrt(variance);
  return { low: difference - margin, high: difference + margin };
}

/** A mean with the variance of its estimate. */
function meanOf(timesMs: readonly number[]): { mean: number; variance: number } {
  return { mean: mean(timesMs), variance: sampleVariance(timesMs) / timesMs.length };
}

/**
 * Whether no further samples are needed: the intervals of both differences, of after from before and of before from
 * after, hold neither horizon. `autoSampleConditionsResolved` in src/stats.ts.
 *
 * @param horizon a share: 0 asks whether there is any difference, the default; 0.05 asks for 5 % in either direction
 */
export function isResolved(
  beforeMs: readonly number[],
  afterMs: readonly number[],
  horizon: number,
): boolean {
  const intervals = [relativeDifference(beforeMs, afterMs), relativeDifference(afterMs, beforeMs)];
  return intervals.every(({ low, high }) =>
    [-horizon, horizon].every((point) => point < low || point > high),
  );
}

/** The samples so far, and what they took. */
interface Sampled {
  readonly beforeMs: readonly number[];
  readonly afterMs: readonly number[];
  /** Since the first samples were there. */
  readonly extraSeconds: number;
}

/** Whether it ends here: `takeAdditionalSamples` in src/runner.ts, which looks after each batch. */
export function isEnough({ beforeMs, afterMs, extraSeconds }: Sampled, horizon: number): boolean {
  const extra = beforeMs.length - LEAST_SAMPLES;
  if (extra < 0 || extra % BATCH !== 0) return false;
  return isResolved(beforeMs, afterMs, horizon) || extraSeconds >= TIMEOUT_SECONDS;
}
