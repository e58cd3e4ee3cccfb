/** The last requests that the target saw, in columns of numbers: as objects they would fill the heap and slow every answer. */

/** The target's data about one request. Times are in ms on the target's monotonic clock. */
export interface TracedRequest {
  /** The job's id from `?job=`, or null. */
  readonly job: number | null;
  /** The sample's name from `?run=`, or an empty string. */
  readonly run: string;
  /** The connection's number, from 1. */
  readonly connection: number;
  readonly arrivedMs: number;
  /** When it left the queue; null while it waits in the queue. */
  readonly startedMs: number | null;
  /** When the write of the answer began; null while the request is held, or if its client disconnected. */
  readonly releasedMs: number | null;
}

/** `GET /trace`. */
export interface Trace {
  /** The zero of the clock of the times below, in ms since 1970. */
  readonly timeOriginMs: number;
  /** How many older requests were dropped to save memory. */
  readonly forgotten: number;
  readonly requests: readonly TracedRequest[];
}

/** Keeps requests by their numbers, which go up by one. It ignores a number that was dropped. */
export interface RequestTrace {
  /** @returns the request's number */
  arrived(request: Pick<TracedRequest, 'job' | 'run' | 'connection' | 'arrivedMs'>): number;
  started(number: number, atMs: number): void;
  released(number: number, atMs: number): void;
  read(): Omit<Trace, 'timeOriginMs'>;
  clear(): void;
}

/** Stands for a missing value in a column. */
const NONE = -1;

/** @param capacity with more requests, each new one drops the oldest */
export function createRequestTrace(capacity = 200_000): RequestTrace {
  const jobs = new Float64Array(capacity);
  const runs = new Array<string>(capacity).fill('');
  const connections = new Uint32Array(capacity);
  const arrived = new Float64Array(capacity);
  const started = new Float64Array(capacity);
  const released = new Float64Array(capacity);
  let first = 0;
  let next = 0;
  // Each request brings a text of its own for the same name.
  let lastRun = '';
  const isKept = (number: number) => number >= first && number >= next - capacity;
  const orNull = (value: number) => (value === NONE ? null : value);
  return {
    arrived({ job, run, connection, arrivedMs }) {
      const at = next % capacity;
      if (run !== lastRun) lastRun = run;
      jobs[at] = job ?? NONE;
      runs[at] = lastRun;
      connections[at] = connection;
      arrived[at] = arrivedMs;
      started[at] = NONE;
      released[at] = NONE;
      return next++;
    },
    started(number, atMs) {
      if (isKept(number)) started[number % capacity] = atMs;
    },
    released(number, atMs) {
      if (isKept(number)) released[number % capacity] = atMs;
    },
    read() {
      const oldest = Math.max(first, next - capacity);
      const requests = Array.from({ length: next - oldest }, (_, index): TracedRequest => {
        const at = (oldest + index) % capacity;
        return {
          job: orNull(jobs[at]!),
          run: runs[at]!,
          connection: connections[at]!,
          arrivedMs: arrived[at]!,
          startedMs: orNull(started[at]!),
          releasedMs: orNull(released[at]!),
        };
      });
      return { forgotten: oldest - first, requests };
    },
    clear() {
      runs.fill('', 0, Math.min(next, capacity));
      first = next;
      lastRun = '';
    },
  };
}
