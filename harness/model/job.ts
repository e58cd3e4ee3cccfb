/** One unit of work, and how a list of them is scheduled. Strategies depend on these words alone, never on how they are measured. */
import type { Evidence } from './target.ts';

/** One unit of work: optional CPU work, then one I/O wait. */
export interface Job<Result = unknown> {
  /** Position in the list of jobs, from 0; the target checks that each arrives exactly once. */
  readonly id: number;
  /** Synchronous CPU work that comes before the wait. */
  compute?(): void;
  /** The wait. Resolves to what came back, of which the checksum is made. */
  send(): Promise<Result>;
  /** The same wait in the older style, for strategies without promises; only where the client has it. */
  call?(done: Callback<Result>): void;
}

/** Called once, with an error or with a result. */
export type Callback<Result> = (error: Error | null, result?: Result) => void;

/** Does one job: `compute`, then `send`. The harness supplies it, and stops all jobs when one fails. */
export interface RunJob {
  <Result>(job: Job<Result>): Promise<Result>;
  /** Does the CPU work of a job now; to run the job then only sends it. */
  compute(job: Job): void;
  /** Does one job without a promise: `compute`, then `call`. */
  call<Result>(job: Job<Result>, done: Callback<Result>): void;
}

/**
 * How a list of jobs is scheduled. Resolves to the results in the order of the jobs; rejects as soon as
 * one job fails. It knows nothing of HTTP, clocks or files, and need not clean up: the harness cancels
 * what is left and waits for it.
 */
export type Strategy = <Result>(jobs: readonly Job<Result>[], run: RunJob) => Promise<Result[]>;

/**
 * A strategy that is loaded when a sample is set up, outside the clock, so that nobody who only lists or reports loads the
 * library that it stands on.
 */
export interface LazyStrategy {
  /** @throws where the library is not there: that costs the strategy's own rows alone */
  load(): Promise<Strategy>;
}

/** The strategy itself. @throws what a lazy one throws */
export async function loadStrategy(strategy: Strategy | LazyStrategy): Promise<Strategy> {
  return typeof strategy === 'function' ? strategy : strategy.load();
}

/**
 * A strategy that lets at most `limit` jobs wait at once. An aborted `signal` keeps what has not started from
 * starting, where the limiter has a way to be told.
 */
export type Limiter = (limit: number, signal?: AbortSignal) => Strategy;

/** A list of jobs that is ready to run: connections are open, nothing has been sent. */
export interface Batch {
  readonly jobs: readonly Job<string>[];
  /** Makes every job that waits reject at once. */
  cancel(reason: Error): void;
  /** Gives back what was opened. */
  close(): Promise<void>;
  /** CPU work beyond the jobs' own `compute`: in slices, say, or in other threads. Asked once, at the end. */
  computeSpans?(): readonly ComputeSpan[];
  /** Further figures of the sample by name, with the unit at the name's end. Asked once, at the end. */
  metrics?(results: readonly string[]): Readonly<Record<string, number>>;
  /** What the target's answers told of each job, where its kind has no other witness. Asked once, at the end. */
  evidence?(): Evidence;
}

/** A time in which a job had a processor, in ms on the clock of the measured process (`performance.now()`). */
export interface ComputeSpan {
  readonly job: number;
  readonly fromMs: number;
  readonly toMs: number;
}
