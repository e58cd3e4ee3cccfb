import { mean } from 'simple-statistics';

/**
 * The rule of github-action-benchmark 1.22.0 for a figure that should be small: `findAlerts` and `getRatio` in
 * src/write.ts. The figure is what the benchmark reports; here it is the mean of a run.
 *
 * @param previousMs the times of the run before, at least one
 * @param currentMs the times of this run, at least one
 * @param threshold the ratio that is still allowed; `alert-threshold` in action.yml is 200 % unless the user sets it
 */
export function exceedsThreshold(
  previousMs: readonly number[],
  currentMs: readonly number[],
  threshold = 2,
): boolean {
  return mean(currentMs) / mean(previousMs) > threshold;
}
