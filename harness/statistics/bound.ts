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

/**
 * The same where each job computes on one thread before it waits: the last job's wait comes after all
 * computing, so no less than the CPU time plus the shortest hold.
 *
 * @param cpuMs the jobs' CPU time together
 * @returns ms
 */
export function overlapBoundMs(holds: Holds, jobs: number, limit: number, cpuMs: number): number {
  if (limit === 1) return cpuMs + holds.totalMs;
  return Math.max(cpuMs + holds.shortestMs, ioBoundMs(holds, jobs, limit));
}
