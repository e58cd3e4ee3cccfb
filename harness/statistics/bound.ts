import type { BoundInput } from '../model/target.ts';

/**
 * The least wall time in which any scheduler could have waited for these holds:
 * max(longest hold, ceil(requests / limit) * shortest hold, total / limit).
 * A slot has to take ceil(requests / limit) of them, and `limit` slots cannot share more than the total.
 *
 * @returns ms; 0 without holds
 */
export function ioBoundMs({ holds, requests, limit }: BoundInput): number {
  return Math.max(holds.longestMs, Math.ceil(requests / limit) * holds.shortestMs, holds.totalMs / limit);
}

/** The CPU work alone, in ms, for jobs that do not wait. */
export function computeBoundMs({ computeMs }: BoundInput): number {
  return computeMs;
}

/** All CPU work and all waits in sequence, in ms: the time of a program that never overlaps them. */
export function serialBoundMs({ computeMs, holds }: BoundInput): number {
  return computeMs + holds.totalMs;
}

/**
 * CPU work on one thread while requests wait: max(CPU work + shortest hold, the bound of waiting alone). The
 * hold of the job that computes last begins when all CPU work is done.
 *
 * @returns ms
 */
export function overlapBoundMs(input: BoundInput): number {
  return Math.max(input.computeMs + input.holds.shortestMs, ioBoundMs(input));
}
