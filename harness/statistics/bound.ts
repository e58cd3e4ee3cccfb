/** How long the target really held the requests of one sample, by its own clock, in ms. */
export interface Holds {
  readonly shortestMs: number;
  readonly longestMs: number;
  readonly totalMs: number;
}

/**
 * The least wall time in which any scheduler could have waited for these holds:
 * max(longest hold, ceil(jobs / limit) * shortest hold, total / limit).
 * A slot has to take ceil(jobs / limit) jobs, and `limit` slots cannot share more than the total.
 *
 * @param jobs how many requests, from 1
 * @param limit at most this many held at once, from 1
 * @returns ms
 */
export function ioBoundMs(holds: Holds, jobs: number, limit: number): number {
  return Math.max(holds.longestMs, Math.ceil(jobs / limit) * holds.shortestMs, holds.totalMs / limit);
}
