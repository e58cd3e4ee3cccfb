/** Runs tasks within a limit that a rule sets. */
import type { LimitRule } from './rule.ts';

/** How a limiter tells what became of a task, and its clock. */
export interface LimitedOptions {
  /** Ms on a clock that never goes back. */
  nowMs(): number;
  /** Whether the result, or the error, of a task says that it was refused. */
  dropped(outcome: unknown, threw: boolean): boolean;
  /** How long a refused task's place stays empty, in ms; 0 if left out. */
  restMs?(outcome: unknown): number;
}

/** Runs a task as soon as the limit allows, in the order of the calls. It resolves or rejects as the task does. */
export interface Limited {
  <Result>(task: () => PromiseLike<Result> | Result): Promise<Result>;
  /** How many tasks may run at once now. */
  readonly limit: number;
  /** How many tasks run now. */
  readonly activeCount: number;
  /** How many tasks wait to run. */
  readonly pendingCount: number;
  /** Rejects all tasks that wait, with this reason or an AbortError. */
  clearQueue(reason?: unknown): void;
}

interface Waiting {
  readonly task: () => unknown;
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Makes a limiter with a limit of its own. */
export function createLimited<State>(
  rule: LimitRule<State>,
  { nowMs, dropped, restMs }: LimitedOptions,
): Limited {
  let { limit, state } = rule.start;
  let active = 0;
  let resting = 0;
  let queue: Waiting[] = [];
  // A shift would move all that wait.
  let first = 0;

  const startNext = () => {
    while (active + resting < limit && first < queue.length) {
      const next = queue[first]!;
      first += 1;
      if (first > 1024 && first * 2 > queue.length) {
        queue = queue.slice(first);
        first = 0;
      }
      start(next);
    }
  };
  const start = ({ task, resolve, reject }: Waiting) => {
    active += 1;
    const inFlight = active;
    const startMs = nowMs();
    const end = (outcome: unknown, threw: boolean) => {
      active -= 1;
      const endMs = nowMs();
      const wasDropped = dropped(outcome, threw);
      const sample = { latencyMs: endMs - startMs, inFlight, dropped: wasDropped, nowMs: endMs };
      ({ limit, state } = rule.next(state, sample));
      const pauseMs = wasDropped ? (restMs?.(outcome) ?? 0) : 0;
      if (pauseMs > 0) rest(pauseMs);
      startNext();
    };
    const succeed = (result: unknown) => {
      resolve(result);
      end(result, false);
    };
    const fail = (error: unknown) => {
      reject(error);
      end(error, true);
    };
    // A task that throws at once is like one that rejects.
    new Promise((begun) => begun(task())).then(succeed, fail);
  };
  const rest = (pauseMs: number) => {
    resting += 1;
    setTimeout(() => {
      resting -= 1;
      startNext();
    }, pauseMs);
  };

  const limited = <Result>(task: () => PromiseLike<Result> | Result) =>
    new Promise<Result>((resolve, reject) => {
      queue.push({ task, resolve: resolve as Waiting['resolve'], reject });
      startNext();
    });
  return Object.defineProperties(limited, {
    limit: { get: () => limit },
    activeCount: { get: () => active },
    pendingCount: { get: () => queue.length - first },
    clearQueue: {
      value(reason: unknown = new DOMException('The queue was cleared.', 'AbortError')) {
        for (const { reject } of queue.splice(first)) reject(reason);
      },
    },
  }) as Limited;
}
