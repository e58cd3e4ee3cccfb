import type { Variant } from '../model.ts';
import { type Holds, ioBoundMs } from '../statistics/bound.ts';
import type { TargetStats, TargetTrace } from './target.ts';

/** What one sample is checked by. */
export interface Evidence {
  readonly variant: Variant;
  /** The name that every request of the sample carried. */
  readonly run: string;
  readonly wallMs: number;
  readonly boundMs: number;
  readonly checksum: string;
  /** The checksum of the group's other samples; undefined for the first. */
  readonly expectedChecksum: string | undefined;
  readonly stats: TargetStats;
  readonly trace: TargetTrace;
}

/**
 * Holds what was measured against what the target saw.
 *
 * @returns what is wrong, in one sentence, or null
 */
export function findFailure(evidence: Evidence): string | null {
  const { variant, stats, trace } = evidence;
  const { requests, peakInFlight, connections } = stats;
  if (requests !== variant.jobs) return `the target served ${requests} requests instead of ${variant.jobs}`;
  const stray = trace.requests.find((request) => request.run !== evidence.run);
  if (stray !== undefined)
    return `a request of another sample (${JSON.stringify(stray.run)}) reached the target`;
  const seen = new Set(trace.requests.map((request) => request.job));
  for (let id = 0; id < variant.jobs; id++) if (!seen.has(id)) return `job ${id} did not reach the target`;
  if (trace.requests.some((request) => request.releasedMs === null))
    return 'the target did not answer every request';
  if (peakInFlight > variant.limit)
    return `the target saw ${peakInFlight} requests in flight, and the limit is ${variant.limit}`;
  if (connections.used !== variant.connections.used)
    return `${connections.used} connections carried the sample instead of ${variant.connections.used}`;
  if (connections.opened !== variant.connections.opened)
    return `${connections.opened} connections were opened during the sample instead of ${variant.connections.opened}`;
  if (evidence.expectedChecksum !== undefined && evidence.checksum !== evidence.expectedChecksum)
    return `what came back has checksum ${evidence.checksum}, and ${evidence.expectedChecksum} for the other variants`;
  if (evidence.boundMs > evidence.wallMs)
    return `it took ${evidence.wallMs} ms, less than the ${evidence.boundMs} ms that are possible: bound or clock is wrong`;
  return null;
}

/** How long the requests of a trace were held. */
export function holdsOf(trace: TargetTrace): Holds {
  let shortestMs = Number.POSITIVE_INFINITY;
  let longestMs = 0;
  let totalMs = 0;
  for (const { arrivedMs, releasedMs } of trace.requests) {
    const holdMs = (releasedMs ?? arrivedMs) - arrivedMs;
    shortestMs = Math.min(shortestMs, holdMs);
    longestMs = Math.max(longestMs, holdMs);
    totalMs += holdMs;
  }
  return { shortestMs: trace.requests.length === 0 ? 0 : shortestMs, longestMs, totalMs };
}

/** The bound of a sample that only waits. */
export function boundMsOf(variant: Variant, holds: Holds): number {
  return ioBoundMs(holds, variant.jobs, variant.limit);
}
