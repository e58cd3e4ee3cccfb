import { createHistogram, performance } from 'node:perf_hooks';

/** Past this many requests the older half of the trace is forgotten, so that a long run by hand stays small. */
const TRACE_CAPACITY = 200_000;

/** What the target knows of one request. Times are in ms on the target's own monotonic clock. */
export interface TracedRequest {
  /** The job's id from `?job=`, or null. */
  readonly job: number | null;
  /** The sample's name from `?run=`, or an empty string. */
  readonly run: string;
  /** The connection's number, from 1. */
  readonly connection: number;
  readonly arrivedMs: number;
  /** When the answer was handed to the socket; null while the request is held, or when its client left. */
  releasedMs: number | null;
}

/** `GET /trace`. */
export interface Trace {
  /** How many older requests were forgotten to save memory. */
  readonly forgotten: number;
  readonly requests: readonly TracedRequest[];
}

/** `GET /stats`: everything since the start or the last `DELETE /stats`; times in ms. */
export interface Stats {
  /** Requests that arrived. */
  readonly requests: number;
  /** Of them, how many lost their client before the answer. */
  readonly aborted: number;
  readonly inFlight: number;
  readonly peakInFlight: number;
  readonly connections: {
    /** Opened since the reset. */
    readonly opened: number;
    /** Distinct ones that carried a request since the reset. */
    readonly used: number;
    readonly open: number;
  };
  /** How much longer than asked requests were held. */
  readonly holdErrorMs: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly max: number;
  };
  /** Share of the time, 0 to 1, in which the loop did something. */
  readonly eventLoopUtilization: number;
}

/** Keeps what the target saw. One instance per server. */
export interface Observations {
  connectionOpened(): number;
  connectionClosed(): void;
  arrived(job: number | null, run: string, connection: number): TracedRequest;
  /** The answer leaves now; `askedMs` is how long the request wanted to be held. */
  released(request: TracedRequest, askedMs: number): void;
  aborted(request: TracedRequest): void;
  stats(): Stats;
  trace(): Trace;
  /** Forgets all requests; what is open or in flight now stays counted. */
  reset(): void;
}

/** Starts observing, with everything at zero. */
export function createObservations(): Observations {
  // Whole microseconds from 1: the histogram takes no zero, so each is recorded one higher.
  const holdErrorUs = createHistogram();
  const percentileMs = (percent: number) =>
    holdErrorUs.count === 0 ? 0 : (holdErrorUs.percentile(percent) - 1) / 1000;
  const usedConnections = new Set<number>();
  let requests: TracedRequest[] = [];
  let forgotten = 0;
  let arrivals = 0;
  let abortedCount = 0;
  let inFlight = 0;
  let peakInFlight = 0;
  let connectionNumber = 0;
  let opened = 0;
  let open = 0;
  let utilizationAtReset = performance.eventLoopUtilization();

  return {
    connectionOpened() {
      opened += 1;
      open += 1;
      connectionNumber += 1;
      return connectionNumber;
    },
    connectionClosed() {
      open -= 1;
    },
    arrived(job, run, connection) {
      arrivals += 1;
      inFlight += 1;
      if (inFlight > peakInFlight) peakInFlight = inFlight;
      usedConnections.add(connection);
      if (requests.length >= TRACE_CAPACITY) {
        forgotten += TRACE_CAPACITY / 2;
        requests = requests.slice(TRACE_CAPACITY / 2);
      }
      const request: TracedRequest = { job, run, connection, arrivedMs: performance.now(), releasedMs: null };
      requests.push(request);
      return request;
    },
    released(request, askedMs) {
      const nowMs = performance.now();
      request.releasedMs = nowMs;
      inFlight -= 1;
      holdErrorUs.record(Math.max(1, Math.round((nowMs - request.arrivedMs - askedMs) * 1000) + 1));
    },
    aborted() {
      inFlight -= 1;
      abortedCount += 1;
    },
    stats() {
      return {
        requests: arrivals,
        aborted: abortedCount,
        inFlight,
        peakInFlight,
        connections: { opened, used: usedConnections.size, open },
        holdErrorMs: {
          p50: percentileMs(50),
          p90: percentileMs(90),
          p99: percentileMs(99),
          max: holdErrorUs.count === 0 ? 0 : (holdErrorUs.max - 1) / 1000,
        },
        eventLoopUtilization: performance.eventLoopUtilization(utilizationAtReset).utilization,
      };
    },
    trace: () => ({ forgotten, requests }),
    reset() {
      requests = [];
      forgotten = 0;
      arrivals = 0;
      abortedCount = 0;
      peakInFlight = inFlight;
      opened = 0;
      usedConnections.clear();
      holdErrorUs.reset();
      utilizationAtReset = performance.eventLoopUtilization();
    },
  };
}
