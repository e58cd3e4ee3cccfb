/** The throughput of a batch while its limit is used up: without the filling at its start and the draining at its end. */

/** The fewest waves of a batch with a steady throughput. With fewer, the last and the first wave say too much. */
export const LEAST_WAVES = 20;

/** Whether a batch has enough waves for a steady throughput: whole times that its limit goes into its jobs. */
export function isSteady(jobs: number, limit: number): boolean {
  return Math.floor(jobs / limit) >= LEAST_WAVES;
}

/**
 * The throughput from the end of the first wave to the end of the last one that finds all slots taken again: when the
 * last `limit` jobs have begun, the batch drains. It counts whole waves, since jobs of equal length end together.
 *
 * @param endsMs when each job ended, in any order
 * @param limit at most this many jobs at once
 * @returns jobs a second; null if the batch has too few waves
 */
export function steadyPerSecond(endsMs: readonly number[], limit: number): number | null {
  if (!isSteady(endsMs.length, limit)) return null;
  const ends = endsMs.toSorted((one, other) => one - other);
  const waves = Math.floor(ends.length / limit) - 1;
  const spanMs = ends[waves * limit - 1]! - ends[limit - 1]!;
  return ((waves - 1) * limit * 1000) / spanMs;
}
