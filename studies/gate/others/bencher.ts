import jstat from 'jstat';
import { mean, sampleStandardDeviation } from 'simple-statistics';

/** The most earlier figures that it reads, if the user sets no number: `Model::upper_boundary`. */
export const MOST_HISTORY = 64;

/**
 * The largest figure that Bencher 0.6.12 allows by its default threshold, a `t_test` with an upper boundary of 0.99:
 * `Model::upper_boundary` in lib/bencher_valid/src/model/mod.rs. It is no test of two samples. One new figure must lie
 * within the prediction interval of the earlier figures, by Student's t: `new_normal` in lib/bencher_boundary/src/limits.
 *
 * @param history one figure of each earlier run, the newest last
 * @param boundary the share of new figures that it should allow, from 0.5 to 1
 * @returns null below two figures and where all are equal, as no alert is made then
 */
export function upperLimit(history: readonly number[], boundary = 0.99): number | null {
  const latest = history.slice(-MOST_HISTORY);
  const size = latest.length;
  const deviation = size < 2 ? 0 : sampleStandardDeviation(latest);
  if (deviation === 0) return null;
  return mean(latest) + jstat.studentt.inv(boundary, size - 1) * deviation * Math.sqrt(1 + 1 / size);
}

/**
 * Whether Bencher makes an alert of a run.
 *
 * @param historyMs the times of each earlier run, each with at least one
 * @param currentMs the times of this run, at least one; the figure of a run is here the mean
 */
export function exceedsLimit(
  historyMs: readonly (readonly number[])[],
  currentMs: readonly number[],
): boolean {
  const limit = upperLimit(historyMs.map((timesMs) => mean(timesMs)));
  return limit !== null && mean(currentMs) > limit;
}
