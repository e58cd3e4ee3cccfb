import type { Holds, Variant } from '../model.ts';
import type { TargetStats, TargetTrace } from './target.ts';

/** What one sample is checked by. */
export interface Evidence {
  readonly variant: Pick<Variant, 'limit' | 'connections'>;
  /** The ids of the jobs that the target must have served. */
  readonly served: readonly number[];
  /** The name that every request of the sample carried. */
  readonly run: string;
  readonly wallMs: number;
  readonly boundMs: number;
  readonly checksum: string;
  /** The checksum of the group's other samples; undefined for the first, and where they may differ. */
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
  const { wallMs, boundMs, checksum, expectedChecksum } = evidence;
  const failure = findFailureAtTarget(evidence) ?? findFailureOfConnections(evidence);
  if (failure !== null) return failure;
  if (expectedChecksum !== undefined && checksum !== expectedChecksum)
    return `what came back has checksum ${checksum}, and ${expectedChecksum} for the other variants`;
  if (boundMs > wallMs)
    return `it took ${wallMs} ms, less than the ${boundMs} ms that are possible: bound or clock is wrong`;
  return null;
}

function findFailureAtTarget({ variant, served, run, stats, trace }: Evidence): string | null {
  const { requests, peakInFlight } = stats;
  if (requests !== served.length) return `the target served ${requests} requests instead of ${served.length}`;
  const stray = trace.requests.find((request) => request.run !== run);
  if (stray !== undefined)
    return `a request of another sample (${JSON.stringify(stray.run)}) reached the target`;
  const seen = new Set(trace.requests.map((request) => request.job));
  const missing = served.find((id) => !seen.has(id));
  if (missing !== undefined) return `job ${missing} did not reach the target`;
  if (trace.requests.some((request) => request.releasedMs === null))
    return 'the target did not answer every request';
  if (peakInFlight > variant.limit)
    return `the target saw ${peakInFlight} requests in flight, and the limit is ${variant.limit}`;
  return null;
}

function findFailureOfConnections({ variant, stats }: Evidence): string | null {
  const { used, opened } = stats.connections;
  const expected = variant.connections;
  const { opened: expectedOpened } = expected;
  if ('atMost' in expected && Math.max(used, opened) > expected.atMost)
    return `${Math.max(used, opened)} connections carried the sample, more than ${expected.atMost}`;
  if ('used' in expected && used !== expected.used)
    return `${used} connections carried the sample instead of ${expected.used}`;
  if (expectedOpened !== undefined && opened !== expectedOpened)
    return `${opened} connections were opened during the sample instead of ${expectedOpened}`;
  return null;
}

/** How long the requests of a trace were held, the wait for their turn left out. */
export function holdsOf(trace: TargetTrace): Holds {
  let shortestMs = Number.POSITIVE_INFINITY;
  let longestMs = 0;
  let totalMs = 0;
  for (const { arrivedMs, startedMs, releasedMs } of trace.requests) {
    const fromMs = startedMs ?? arrivedMs;
    const holdMs = (releasedMs ?? fromMs) - fromMs;
    shortestMs = Math.min(shortestMs, holdMs);
    longestMs = Math.max(longestMs, holdMs);
    totalMs += holdMs;
  }
  return { shortestMs: trace.requests.length === 0 ? 0 : shortestMs, longestMs, totalMs };
}
