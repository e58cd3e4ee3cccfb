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
  /** What the target said of each job in its answer, where it cannot be asked afterwards. Asked once, at the end. */
  answers?(): TargetAnswers;
}

/** When a target had each job of a sample, as its answers tell. */
export interface TargetAnswers {
  /** Times in ms since 1970, by the target's clock. */
  readonly jobs: readonly {
    readonly job: number;
    readonly arrivedMs: number;
    /** When it was its turn, where it had to wait for that. */
    readonly startedMs: number;
    readonly releasedMs: number;
  }[];
  readonly connections: { readonly used: number; readonly opened: number };
}

/** A time in which a job had a processor, in ms on the clock of the measured process (`performance.now()`). */
export interface ComputeSpan {
  readonly job: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a variant needs to know to open its batch. */
export interface SampleTarget {
  /** Where the target listens, as in `http://127.0.0.1:4000`; for a database its URL, password and all. */
  readonly origin: string;
  /** What to trust, as PEM; null where the target speaks plain HTTP. */
  readonly certificate: string | null;
  /** The name of this sample, which every request carries as `?run=`. */
  readonly run: string;
}

export type Parameters = Readonly<Record<string, number | string | boolean>>;

/** How long the target really held the requests of one sample once it was their turn, by its own clock, in ms. */
export interface Holds {
  readonly shortestMs: number;
  readonly longestMs: number;
  readonly totalMs: number;
}

/** What a bound may be made of. */
export interface Seen {
  readonly holds: Holds;
  /** How many requests the target served. */
  readonly requests: number;
  /** The variant's limit. */
  readonly limit: number;
  /** All CPU work of the jobs, in ms. */
  readonly computeMs: number;
}

/** The least wall time in ms that any scheduler could need for what was seen. */
export type Bound = (seen: Seen) => number;

/** What every row of an experiment states, whoever does its work. */
export interface VariantFields {
  /** Names the row; unique in its group. */
  readonly id: string;
  /** Rows are compared within a group only. */
  readonly group?: string;
  /** Speedups of the group are relative to this row; exactly one a group. */
  readonly baseline?: boolean;
  /** Runs twice a round, as the A/A pair of its group; the baseline, unless another row says so. */
  readonly control?: boolean;
  /** Whether the row is one of those that the experiment is run for. */
  readonly headline?: boolean;
  /** What tells this row from others, for charts and tables. */
  readonly parameters?: Parameters;
  /** How many jobs the batch has. */
  readonly jobs: number;
  /** At most this many jobs wait at once; `jobs` where nothing limits. */
  readonly limit: number;
  /**
   * How many connections carry the sample, and how many of them are opened while the clock runs; or, where chance
   * decides, how many at the most, of which any number may be opened unless it is said.
   */
  readonly connections:
    | { readonly used: number; readonly opened: number }
    | { readonly atMost: number; readonly opened?: number };
  /** Which of the experiment's targets it waits on; the first, where left out. */
  readonly target?: string;
  /** The bound, where jobs do more than wait. */
  readonly bound?: Bound;
  /** The ids of the jobs that the target must have served, given what came back; all, where left out. */
  served?(results: readonly string[]): readonly number[];
  /** Whether what comes back is the same for all rows of the group; it is, where left out. */
  readonly sameResults?: boolean;
  /** Whether it runs in warm-up rounds; it does, where left out. A long row that warms nothing need not. */
  readonly warmsUp?: boolean;
  /** Runs in so many measured rounds at most, and not in warm-up: for rows that take minutes. */
  readonly rounds?: number;
  /** About how long one sample takes, for the time left before anything was measured. */
  readonly estimateMs: number;
}

/** A row whose jobs a strategy of ours schedules. */
export interface Variant extends VariantFields {
  readonly strategy: Strategy;
  open(target: SampleTarget): Promise<Batch>;
}

/** What a peer is asked to do, in the words of `benchmarks/peers/conversation.py`. */
export interface PeerOrder {
  /** The kind of work, which its jobs and the strategies' names belong to. */
  readonly workload: string;
  readonly strategy: string;
  /** How long the target holds each request, in ms. */
  readonly delayMs: number;
  /** How many connections stand open before the clock runs. */
  readonly connections: number;
  /** How many jobs are sent together, where the strategy takes them so. */
  readonly batch?: number;
  /** The salt of each job's hash. */
  readonly salts?: readonly string[];
}

/** A row that each peer fills which has the strategy. Its id follows the peer's name: `@100`, ` serial`. */
export interface PeerVariant extends VariantFields {
  readonly order: PeerOrder;
  /** The id of our own row in the group that it is set beside. */
  readonly nearest: string;
}

/** The work of a profile: rounds, and whatever parameters the experiment's variants need. */
export interface Workload {
  /** Measured rounds, at least 6 for a 95 % interval. */
  readonly rounds: number;
  /** Rounds before them that the summary leaves out. */
  readonly warmUpRounds: number;
  readonly [parameter: string]: number | string | readonly number[] | readonly string[];
}

/**
 * What a target is started with. `kind` says what it is: the latency server, where left out, or `postgresql`; the
 * rest are its options.
 */
export type TargetOptions = Readonly<Record<string, string | number>>;

/** A figure of a row: one of its own fields, or a metric by its name. */
export type Figure = 'medianMs' | 'boundMs' | 'efficiency' | 'speedup' | (string & {});

/** One line, or stack of bars, of a chart. */
export interface Series {
  readonly figure: Figure;
  /** Names it where a chart has several. */
  readonly title: string;
  /** Divides the figure by that of the row with this id in the same group. */
  readonly relativeTo?: string;
  /** Which axis it belongs to; the left one, where left out. */
  readonly axis?: 'left' | 'right';
}

export interface Axis {
  /** With its unit. */
  readonly title: string;
  readonly scale: 'linear' | 'log';
}

/** A picture of an experiment, as data: it stands in the record, so that charts need the record alone. */
export type Chart = {
  /** Names its file. */
  readonly view: string;
  /** Only rows of these groups; all, where left out. */
  readonly groups?: readonly string[];
} & (
  | /** A bar for each variant's speedup, with its interval and a mark where the bound lies. */
  { readonly kind: 'speedup' }
  /** A bar for each request from arrival to release, and for CPU work, a panel for each variant. */
  | { readonly kind: 'timeline' }
  /** A point for each row, joined to a line for each group or each variant. */
  | {
      readonly kind: 'lines';
      readonly line: 'group' | 'variant';
      readonly x: Axis & { readonly figure?: Figure; readonly parameter?: string };
      readonly left: Axis;
      readonly right?: Axis;
      readonly series: readonly Series[];
      /** Draws the bound as a faint line; for times only. */
      readonly bound?: boolean;
    }
  /** Bars stacked to one for each variant. */
  | { readonly kind: 'bars'; readonly x: Axis; readonly series: readonly Series[] }
  /** Throughput against a parameter, with the Universal Scalability Law fitted to it, and the closed-system bound. */
  | { readonly kind: 'scalability'; readonly parameter: string; readonly title: string }
);

/** A chart as its experiment declares it. */
export type DeclaredChart = Chart & {
  /**
   * What it shows, in one sentence made from the rows that it shows. Where left out or empty: the experiment's finding, if
   * the chart shows all rows, or else a general sentence.
   */
  says?(rows: readonly Row[]): string;
};

/** A metric that stands in the tables. */
export interface Column {
  readonly metric: string;
  readonly heading: string;
}

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
  /** One of those that the experiment is run for. */
  readonly headline: boolean;
  readonly peer: boolean;
  /** Measured rounds, warm-up left out. */
  readonly rounds: number;
  readonly medianMs: number;
  /** The Hodges-Lehmann centre of the times, in ms. */
  readonly time: Estimate;
  readonly boundMs: number;
  /** Median of bound / time, 0 to 1. */
  readonly efficiency: number;
  readonly speedup: Estimate;
  /** Whether it and its baseline do the same work, so that the speedup says something; without that, reports show none. */
  readonly sameWork: boolean;
  readonly parameters: Parameters;
  readonly target: { readonly requests: number; readonly peakInFlight: number; readonly connections: number };
  /** For a peer: which row of ours stands beside it, how many times as fast that is, and as efficient. */
  readonly nearest: {
    readonly variant: string;
    readonly speedup: Estimate;
    readonly efficiency: Estimate;
  } | null;
  /** Further figures by name, with the unit at the name's end. */
  readonly metrics: Readonly<Record<string, number>>;
  /** 95 % intervals of metrics that a chart shows and that are above 0 in every sample, around their geometric centre. */
  readonly metricIntervals: Readonly<Record<string, Estimate>>;
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
  /** Rows for programs in other languages, after ours. */
  peers?(workload: Work): PeerVariant[];
  /** The targets that variants wait on, by name; one latency server as it is, where left out. */
  targets?(workload: Work): Readonly<Record<string, TargetOptions>>;
  readonly charts: readonly DeclaredChart[];
  /** Metrics that the tables show besides what every experiment has. */
  readonly columns?: readonly Column[];
  /**
   * Groups whose rows do unequal work, so that neither a time nor a speedup says which row is better: each with the metric,
   * one of `columns`, that says what a row did. Reports show no speedups there, and the metric in their place.
   */
  readonly unequalWork?: Readonly<Record<string, string>>;
  /**
   * One sentence, made from the numbers of the rows; it must say so when the expected effect is absent. Where it is empty,
   * reports say which row was the fastest, as far as that is proven.
   */
  finding(rows: readonly Row[]): string;
  /** How the rows of ours stand beside the peers'; empty where there is nothing to say. */
  peersFinding?(rows: readonly Row[]): string;
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
