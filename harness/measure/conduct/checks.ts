import type { Variant } from '../../model/experiment.ts';
import type { Holds } from '../../model/target.ts';
import type { TargetStats, TargetTrace } from '../process/target.ts';

/** What one sample is checked by. */
export interface Evidence {
  readonly variant: Pick<Variant, 'limit' | 'connections'>;
  /** Where the variant is declared, as in `benchmarks/crawl.ts`. */
  readonly declaredIn: string;
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

/** What is wrong, and what the declaration would say if it were meant to be so. */
interface Fault {
  readonly what: string;
  readonly declaration?: string;
}

/**
 * Holds what was measured against what the target saw.
 *
 * @returns what is wrong, and what to write where it is right, in one sentence without its full stop; or null
 */
export function findFailure(evidence: Evidence): string | null {
  const fault = findFault(evidence);
  if (fault === null) return null;
  const { what, declaration } = fault;
  return declaration === undefined
    ? what
    : `${what}; if that is right, write ${declaration} for this variant in ${evidence.declaredIn}`;
}

function findFault(evidence: Evidence): Fault | null {
  const { wallMs, boundMs, checksum, expectedChecksum } = evidence;
  const fault = findFaultAtTarget(evidence) ?? findFaultOfConnections(evidence);
  if (fault !== null) return fault;
  if (expectedChecksum !== undefined && checksum !== expectedChecksum)
    return {
      what: `what came back has checksum ${checksum}, and ${expectedChecksum} for the other variants`,
      declaration: 'sameResults: false',
    };
  if (boundMs > wallMs)
    return {
      what: `it took ${wallMs} ms, less than the ${boundMs} ms that are possible: its bound in ${evidence.declaredIn} or a clock is wrong`,
    };
  return null;
}

function findFaultAtTarget({ variant, served, run, stats, trace }: Evidence): Fault | null {
  const { requests, peakInFlight } = stats;
  if (requests !== served.length)
    return {
      what: `the target served ${counted(requests, 'request')} instead of ${served.length}`,
      declaration: 'served, which returns the ids of the jobs that reach the target,',
    };
  const stray = trace.requests.find((request) => request.run !== run);
  if (stray?.run === '')
    return { what: 'a request without a run reached the target; jobPath writes paths that have one' };
  if (stray !== undefined)
    return { what: `a request of another sample (${JSON.stringify(stray.run)}) reached the target` };
  const seen = new Set(trace.requests.map((request) => request.job));
  const missing = served.find((id) => !seen.has(id));
  if (missing !== undefined) return { what: `job ${missing} did not reach the target` };
  if (trace.requests.some((request) => request.releasedMs === null))
    return { what: 'the target did not answer every request' };
  if (peakInFlight > variant.limit)
    return {
      what: `the target saw ${counted(peakInFlight, 'request')} in flight, and the limit is ${variant.limit}`,
      declaration: `limit: ${peakInFlight}`,
    };
  return null;
}

function findFaultOfConnections({ variant, stats }: Evidence): Fault | null {
  const { used, opened } = stats.connections;
  const expected = variant.connections;
  const most = Math.max(used, opened);
  const allowed = 'atMost' in expected ? expected.atMost : expected.used;
  // Without `opened` any number of them may be opened while the clock runs.
  const declaration = `connections: { atMost: ${Math.max(most, allowed)} }`;
  if ('atMost' in expected && most > allowed)
    return { what: `${counted(most, 'connection')} carried the sample, more than ${allowed}`, declaration };
  if ('used' in expected && used !== allowed)
    return { what: `${counted(used, 'connection')} carried the sample instead of ${allowed}`, declaration };
  if (expected.opened !== undefined && opened !== expected.opened) {
    const verb = opened === 1 ? 'was' : 'were';
    return {
      what: `${counted(opened, 'connection')} ${verb} opened during the sample instead of ${expected.opened}`,
      declaration,
    };
  }
  return null;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
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
