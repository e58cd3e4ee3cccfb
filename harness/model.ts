/**
 * The words of the project as types. This file imports nothing, so that strategies and experiments
 * depend on words alone and never on how they are measured.
 */

/** The size of the work: `smoke` takes seconds, `quick` is the default, `book` has the chapter's own numbers. */
export type ProfileName = 'smoke' | 'quick' | 'book';

/** One unit of work: optional CPU work, then one I/O wait. */
export interface Job<Result = unknown> {
  /** Position in the list of jobs, from 0; the target checks that each arrives exactly once. */
  readonly id: number;
  /** Synchronous CPU work that comes before the wait. */
  compute?(): void;
  /** The wait. Resolves to what came back, of which the checksum is made. */
  send(): Promise<Result>;
}

/** Does one job: `compute`, then `send`. The harness supplies it, and stops all jobs when one fails. */
export type RunJob = <Result>(job: Job<Result>) => Promise<Result>;

/**
 * How a list of jobs is scheduled. Resolves to the results in the order of the jobs; rejects as soon as
 * one job fails. It knows nothing of HTTP, clocks or files, and need not clean up: the harness cancels
 * what is left and waits for it.
 */
export type Strategy = <Result>(jobs: readonly Job<Result>[], run: RunJob) => Promise<Result[]>;

/** A list of jobs that is ready to run: connections are open, nothing has been sent. */
export interface Batch {
  readonly jobs: readonly Job<string>[];
  /** Makes every job that waits reject at once. */
  cancel(reason: Error): void;
  /** Gives back what was opened. */
  close(): Promise<void>;
}

/** What a variant needs to know to open its batch. */
export interface SampleTarget {
  /** Where the target listens, as in `http://127.0.0.1:4000`. */
  readonly origin: string;
  /** The name of this sample, which every request carries as `?run=`. */
  readonly run: string;
}

/** One row of an experiment. */
export interface Variant {
  /** Names the row; unique in its group. */
  readonly id: string;
  /** Rows are compared within a group only. */
  readonly group?: string;
  /** Speedups of the group are relative to this row; exactly one a group. */
  readonly baseline?: boolean;
  /** Runs twice a round, as the A/A pair of its group; the baseline, unless another row says so. */
  readonly control?: boolean;
  /** What tells this row from others, for charts and tables. */
  readonly parameters?: Readonly<Record<string, number | string | boolean>>;
  readonly strategy: Strategy;
  /** How many jobs the batch has. */
  readonly jobs: number;
  /** At most this many jobs wait at once; `jobs` where nothing limits. */
  readonly limit: number;
  /** How many connections carry the sample, and how many of them are opened while the clock runs. */
  readonly connections: { readonly used: number; readonly opened: number };
  /** About how long one sample takes, for the time left before anything was measured. */
  readonly estimateMs: number;
  open(target: SampleTarget): Promise<Batch>;
}

/** The work of a profile: rounds, and whatever parameters the experiment's variants need. */
export interface Workload {
  /** Measured rounds, at least 6 for a 95 % interval. */
  readonly rounds: number;
  /** Rounds before them that the summary leaves out. */
  readonly warmUpRounds: number;
  readonly [parameter: string]: number | string | readonly number[] | readonly string[];
}

/** A picture of an experiment, as data: it stands in the record, so that charts need the record alone. */
export type Chart =
  /** A bar for each variant's speedup, with its interval and a mark where the bound lies. */
  | { readonly view: 'speedup' }
  /** A bar for each request from arrival to release, a panel for each variant. */
  | { readonly view: 'timeline' };

/** A value with its 95 % interval; no interval (null) where there are too few rounds for one. */
export interface Estimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** One line of a summary: what followed from all rounds of one variant. */
export interface Row {
  readonly variant: string;
  readonly group: string;
  readonly baseline: boolean;
  readonly peer: boolean;
  /** Measured rounds, warm-up left out. */
  readonly rounds: number;
  readonly medianMs: number;
  readonly boundMs: number;
  /** Median of bound / time, 0 to 1. */
  readonly efficiency: number;
  readonly speedup: Estimate;
  readonly target: { readonly requests: number; readonly peakInFlight: number; readonly connections: number };
  /** Further figures by name, with the unit at the name's end. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What a reader must know before believing the row. */
  readonly warnings: readonly string[];
}

/** One question, one file in `benchmarks/`. */
export interface Experiment<Work extends Workload = Workload> {
  /** The experiment's name for people. */
  readonly title: string;
  /** What it answers. */
  readonly question: string;
  readonly profiles: Readonly<Record<ProfileName, Work>>;
  /** The rows, in the order of tables and charts. */
  variants(workload: Work): Variant[];
  readonly charts: readonly Chart[];
  /** One sentence, made from the numbers of the rows; it must say so when the expected effect is absent. */
  finding(rows: readonly Row[]): string;
}

/**
 * Declares an experiment; the default export of a file in `benchmarks/`. It only ties the workload's type
 * to the variants that read it.
 */
export function defineExperiment<Work extends Workload>(experiment: Experiment<Work>): Experiment<Work> {
  return experiment;
}

/** What a run is doing, for a progress display. */
export interface Progress {
  readonly experiment: string;
  readonly round: number;
  readonly rounds: number;
  readonly warmUp: boolean;
  readonly variant: string;
  /** About how long the rest takes, in ms. */
  readonly leftMs: number;
}
