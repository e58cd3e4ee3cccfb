/** Jobs, and the scheduling of a list of jobs. Strategies depend on these types only, never on the measurement. */
import type { Evidence } from './target.ts';

/** One unit of work: optional CPU work, then one I/O wait. */
export interface Job<Result = unknown> {
  /** Position in the list of jobs, from 0; the target checks that each arrives exactly once. */
  readonly id: number;
  /** Synchronous CPU work that comes before the wait. */
  compute?(): void;
  /** The wait. Resolves to the result, which goes into the checksum. */
  send(): Promise<Result>;
  /** The same wait with a callback, for strategies without promises; only some clients have it. */
  call?(done: Callback<Result>): void;
}

/** Called once, with an error or with a result. */
export type Callback<Result> = (error: Error | null, result?: Result) => void;

/** Does one job: `compute`, then `send`. The harness supplies it, and stops all jobs when one fails. */
export interface RunJob {
  <Result>(job: Job<Result>): Promise<Result>;
  /** Does the CPU work of a job now, so that running the job later only sends it. */
  compute(job: Job): void;
  /** Does one job without a promise: `compute`, then `call`. */
  call<Result>(job: Job<Result>, done: Callback<Result>): void;
}

/**
 * Schedules a list of jobs. Resolves to the results in the order of the jobs; rejects as soon as one job fails. It does
 * not depend on HTTP, clocks or files, and need not clean up: the harness cancels the remaining jobs and waits for them.
 */
export type Strategy = <Result>(jobs: readonly Job<Result>[], run: RunJob) => Promise<Result[]>;

/**
 * A strategy that is loaded when a sample is set up, before the clock starts. Commands that only list or report then do
 * not load its library.
 */
export interface LazyStrategy {
  /** @throws if the library is missing, which fails the strategy's rows only */
  load(): Promise<Strategy>;
}

/** Loads a lazy strategy. @throws the error of its `load` */
export async function loadStrategy(strategy: Strategy | LazyStrategy): Promise<Strategy> {
  return typeof strategy === 'function' ? strategy : strategy.load();
}

/**
 * A strategy that lets at most `limit` jobs wait at once. After an abort of `signal` no further job starts, if the
 * limiter supports that.
 */
export type Limiter = (limit: number, signal?: AbortSignal) => Strategy;

/** A list of jobs that is ready to run: connections are open, and no request is sent yet. */
export interface Batch {
  readonly jobs: readonly Job<string>[];
  /** Makes every job that waits reject at once. */
  cancel(reason: Error): void;
  /** Closes connections and releases resources. */
  close(): Promise<void>;
  /** CPU work besides the jobs' `compute`, for example in slices or in other threads. Called once, at the end. */
  computeSpans?(): readonly ComputeSpan[];
  /**
   * Further figures of the sample by name, with the unit at the end of the name, from the results or from what the target
   * saw. Called once, at the end.
   */
  metrics?(results: readonly string[], evidence: Evidence): Readonly<Record<string, number>>;
  /** The evidence from the target's answers, if its kind has no witness. Called once, at the end. */
  evidence?(): Evidence;
}

/** A time in which a job had a processor, in ms on the clock of the measured process (`performance.now()`). */
export interface ComputeSpan {
  readonly job: number;
  readonly fromMs: number;
  readonly toMs: number;
}
