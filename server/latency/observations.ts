import { createHistogram, performance } from 'node:perf_hooks';
import type { Connection } from './connections.ts';
import { createRequestTrace, type Trace } from './trace.ts';

/** A request in flight. Times are in ms on the target's monotonic clock. */
export interface SeenRequest {
  /** Its number in the trace. */
  readonly number: number;
  readonly arrivedMs: number;
  /** When it left the queue; null while it waits in the queue. */
  startedMs: number | null;
}

/** `GET /stats`: everything since the start or the last `DELETE /stats`; times in ms. */
export interface Stats {
  /** The time since then. */
  readonly elapsedMs: number;
  /** Accepted requests. */
  readonly requests: number;
  /** Answered requests, including those that were in flight at the reset. */
  readonly released: number;
  /** Requests answered before their time; must be 0. */
  readonly releasedEarly: number;
  /** Requests whose client disconnected before the answer, or whose answer was cut off by a fault. */
  readonly aborted: number;
  /** Rejected requests. */
  readonly rejected: { readonly queueFull: number; readonly rateLimited: number };
  /** Injected faults, by kind. */
  readonly faults: Readonly<Record<string, number>>;
  readonly inFlight: number;
  readonly peakInFlight: number;
  /** The requests in flight that wait in the queue. */
  readonly queued: number;
  /**
   * The three quantities of Little's law, meanInFlight = arrivalsPerSecond * meanResidenceMs / 1000, each measured
   * separately. The law holds over a time in which all arrived requests have left.
   */
  readonly flow: {
    /** Averaged over time. */
    readonly meanInFlight: number;
    readonly arrivalsPerSecond: number;
    /** From arrival to end, averaged over ended requests. */
    readonly meanResidenceMs: number;
  };
  readonly connections: {
    /** Opened since the reset. */
    readonly opened: number;
    /** Distinct connections that carried a request since the reset. */
    readonly used: number;
    /** Requests over a connection that had already carried one since the reset. */
    readonly reused: number;
    readonly open: number;
  };
  /** How much longer than requested requests were held, without the queue. */
  readonly holdErrorMs: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  };
  /** The share of the time in which the loop was busy, 0 to 1. */
  readonly eventLoopUtilization: number;
  /** The current resident memory of the process. */
  readonly memoryBytes: number;
}

/** Records the requests of a target. One instance per server. */
export interface Observations {
  arrived(job: number | null, run: string, connection: Connection): SeenRequest;
  started(request: SeenRequest): void;
  /** The answer left at `atMs`; `askedMs` is the requested hold time, null if a fault changed it. */
  released(request: SeenRequest, atMs: number, askedMs: number | null): void;
  aborted(request: SeenRequest): void;
  rejected(reason: keyof Stats['rejected']): void;
  faulted(kind: string): void;
  stats(connections: Pick<Stats['connections'], 'opened' | 'open'>, queued: number): Stats;
  trace(): Trace;
  /** Forgets all requests, but still counts those in flight. */
  reset(): void;
}

/** Creates observations with all figures at zero. */
export function createObservations(): Observations {
  // In whole microseconds plus 1, since the histogram does not accept 0.
  const holdErrorUs = createHistogram();
  const percentileMs = (percent: number) =>
    holdErrorUs.count === 0 ? 0 : (holdErrorUs.percentile(percent) - 1) / 1000;
  /** Periods are counted from 1; each ends with a reset. */
  let period = 1;
  let usedConnections = 0;
  const flow = createFlow();
  const trace = createRequestTrace();
  let counts = { released: 0, releasedEarly: 0, aborted: 0, rejected: { queueFull: 0, rateLimited: 0 } };
  let faults: Record<string, number> = {};
  let peakInFlight = 0;
  let utilizationAtReset = performance.eventLoopUtilization();

  return {
    arrived(job, run, connection) {
      const arrivedMs = performance.now();
      flow.entered(arrivedMs);
      if (flow.inside() > peakInFlight) peakInFlight = flow.inside();
      if (connection.usedInPeriod !== period) {
        connection.usedInPeriod = period;
        usedConnections += 1;
      }
      const number = trace.arrived({ job, run, connection: connection.number, arrivedMs });
      return { number, arrivedMs, startedMs: null };
    },
    started(request) {
      request.startedMs = performance.now();
      trace.started(request.number, request.startedMs);
    },
    released(request, atMs, askedMs) {
      trace.released(request.number, atMs);
      // A request is in flight until the write of its answer, a little after the end of its hold.
      const nowMs = performance.now();
      flow.left(nowMs, nowMs - request.arrivedMs);
      counts.released += 1;
      if (askedMs === null) return;
      const errorMs = atMs - (request.startedMs ?? atMs) - askedMs;
      if (errorMs < 0) counts.releasedEarly += 1;
      holdErrorUs.record(Math.max(1, Math.round(errorMs * 1000) + 1));
    },
    aborted(request) {
      const nowMs = performance.now();
      flow.left(nowMs, nowMs - request.arrivedMs);
      counts.aborted += 1;
    },
    rejected(reason) {
      counts.rejected[reason] += 1;
    },
    faulted(kind) {
      faults[kind] = (faults[kind] ?? 0) + 1;
    },
    stats(connections, queued) {
      const { arrivals, ...measured } = flow.read(performance.now());
      return {
        elapsedMs: measured.elapsedMs,
        requests: arrivals,
        ...counts,
        faults,
        inFlight: flow.inside(),
        peakInFlight,
        queued,
        flow: {
          meanInFlight: measured.meanInFlight,
          arrivalsPerSecond: measured.arrivalsPerSecond,
          meanResidenceMs: measured.meanResidenceMs,
        },
        connections: {
          ...connections,
          used: usedConnections,
          reused: arrivals - usedConnections,
        },
        holdErrorMs: {
          p50: percentileMs(50),
          p90: percentileMs(90),
          p99: percentileMs(99),
          max: holdErrorUs.count === 0 ? 0 : (holdErrorUs.max - 1) / 1000,
        },
        eventLoopUtilization: performance.eventLoopUtilization(utilizationAtReset).utilization,
        memoryBytes: process.memoryUsage.rss(),
      };
    },
    trace: () => ({ timeOriginMs: performance.timeOrigin, ...trace.read() }),
    reset() {
      trace.clear();
      counts = { released: 0, releasedEarly: 0, aborted: 0, rejected: { queueFull: 0, rateLimited: 0 } };
      faults = {};
      flow.reset(performance.now());
      peakInFlight = flow.inside();
      period += 1;
      usedConnections = 0;
      holdErrorUs.reset();
      utilizationAtReset = performance.eventLoopUtilization();
    },
  };
}

/** Counts requests inside, and integrates the count over time. */
function createFlow() {
  let inside = 0;
  let arrivals = 0;
  let departures = 0;
  let residenceMs = 0;
  /** Requests inside, integrated over ms. */
  let integral = 0;
  let sinceMs = performance.now();
  let changedMs = sinceMs;
  const integrate = (nowMs: number) => {
    integral += inside * (nowMs - changedMs);
    changedMs = nowMs;
  };
  return {
    inside: () => inside,
    entered(nowMs: number) {
      integrate(nowMs);
      inside += 1;
      arrivals += 1;
    },
    left(nowMs: number, stayedMs: number) {
      integrate(nowMs);
      inside -= 1;
      departures += 1;
      residenceMs += stayedMs;
    },
    read(nowMs: number) {
      integrate(nowMs);
      const elapsedMs = nowMs - sinceMs;
      return {
        elapsedMs,
        arrivals,
        meanInFlight: elapsedMs === 0 ? inside : integral / elapsedMs,
        arrivalsPerSecond: elapsedMs === 0 ? 0 : (arrivals / elapsedMs) * 1000,
        meanResidenceMs: departures === 0 ? 0 : residenceMs / departures,
      };
    },
    reset(nowMs: number) {
      arrivals = 0;
      departures = 0;
      residenceMs = 0;
      integral = 0;
      sinceMs = nowMs;
      changedMs = nowMs;
    },
  };
}
