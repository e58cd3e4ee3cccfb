/** One question with its rows, as its author declares it. */

import type { DeclaredChart } from './chart.ts';
import type { Finding, MeasuredRows } from './finding.ts';
import type { Batch, LazyStrategy, Strategy } from './job.ts';
import type { PeerVariant } from './peer.ts';
import type { Metric } from './row.ts';
import type { Bound, SampleTarget, TargetOptions } from './target.ts';

/** The size of the work: `smoke` takes seconds, `quick` is the default, `book` has the chapter's own numbers. */
export type ProfileName = 'smoke' | 'quick' | 'book' | (string & {});

/** What tells a row from others, by name: numbers for the axis of a chart, texts or yes and no. */
export type Parameters = Readonly<Record<string, number | string | boolean>>;

/** A sample that takes longer than this counts as hung, unless its row states another limit. */
export const TIME_LIMIT_MS = 60_000;

/** The fields of every row of an experiment, ours or a peer's. */
export interface VariantFields {
  /** The name of the row; unique in its group. */
  readonly id: string;
  /** Rows are compared within a group only. */
  readonly group?: string;
  /** Speedups of the group are relative to this row; each group has exactly one. */
  readonly baseline?: boolean;
  /** Runs twice a round, as the A/A pair of its group; the baseline, unless another row says so. */
  readonly control?: boolean;
  /** Whether it is one of the rows that the experiment is about. */
  readonly headline?: boolean;
  /** Whether it is a floor: the least time of this runtime, a reference for other rows that no finding recommends. */
  readonly floor?: boolean;
  /** The parameters that distinguish this row from others, for charts and tables. */
  readonly parameters?: Parameters;
  /** How many jobs the batch has. */
  readonly jobs: number;
  /** At most this many jobs wait at once; equal to `jobs` without a limit. */
  readonly limit: number;
  /**
   * How many connections carry the sample, and how many of them open while the clock runs. If that varies: the most
   * connections, of which any number may open unless `opened` is given.
   */
  readonly connections:
    | { readonly used: number; readonly opened: number }
    | { readonly atMost: number; readonly opened?: number };
  /** The target it waits on; the experiment's first if left out. */
  readonly target?: string;
  /** The bound, if jobs do more than wait. */
  readonly bound?: Bound;
  /** The ids of the jobs that the target must have served, given the results; all jobs if left out. */
  served?(results: readonly string[]): readonly number[];
  /** Whether a job may reach the target more than once, as if a client retries; false if left out. */
  readonly retries?: boolean;
  /** Whether all rows of the group must have the same results; true if left out. */
  readonly sameResults?: boolean;
  /** Whether it runs in warm-up rounds; true if left out. A long row that warms nothing up can skip them. */
  readonly warmsUp?: boolean;
  /** The most measured rounds, without warm-up: for rows that take minutes. */
  readonly rounds?: number;
  /** The estimated time of one sample, for the progress display before anything is measured, and for shards. */
  readonly estimateMs: number;
  /**
   * The time limit of a sample in ms on an idle machine; a busy machine gets more. One minute ({@link TIME_LIMIT_MS}) if
   * left out; a row that may take longer computes its limit from the workload.
   */
  readonly timeLimitMs?: number;
}

/** A row whose jobs one of our strategies schedules. */
export interface Variant extends VariantFields {
  readonly strategy: Strategy | LazyStrategy;
  open(target: SampleTarget): Promise<Batch>;
}

/**
 * The work of a profile: rounds, and the parameters that the experiment adds for its variants: numbers, texts, and lists
 * of either.
 */
export interface Workload {
  /** Measured rounds, at least 6 for a 95 % interval. */
  readonly rounds: number;
  /** Rounds before them that the summary leaves out. */
  readonly warmUpRounds: number;
  /**
   * The rounds of rows that are neither a headline nor its baseline or control; all if left out. It does not hold where a
   * user chooses the number of rounds.
   */
  readonly otherRounds?: number;
  /**
   * How often rows run within a measured round, by their id, or by group and id as in `10 ms serial`; once if left out.
   * Repeats are spread over the round and make one figure of it: the median of logarithms. They are part of the work, since
   * the median of more samples is another figure. `npm run measure-allocation` says how many pay.
   */
  readonly repeats?: Readonly<Record<string, number>>;
}

/** One question, one file in `benchmarks/`. */
export interface Experiment<Work extends Workload = Workload> {
  /** The experiment's name for people. */
  readonly title: string;
  /** The question that it answers. */
  readonly question: string;
  /** The question in two or three words after its name, as `how many?`: with the name at most 23 characters. */
  readonly brief?: string;
  /** Whether it runs only when a command names it, because it takes long or needs what most machines lack. False if left out. */
  readonly onlyWhenNamed?: boolean;
  /** The work of each profile that it has, by its name. */
  readonly profiles: Readonly<Record<string, Work>>;
  /** The rows, in the order of tables and charts. */
  variants(workload: Work): Variant[];
  /** Rows for programs in other languages, after ours. */
  peers?(workload: Work): PeerVariant[];
  /** The targets that variants wait on, by name; one latency server with default options if left out. */
  targets?(workload: Work): Readonly<Record<string, TargetOptions>>;
  readonly charts: readonly DeclaredChart[];
  /** The figures that batches report besides times. An undeclared metric fails its sample. */
  readonly metrics?: readonly Metric[];
  /**
   * Groups whose rows do unequal work, so that neither times nor speedups show which row is better. Each names the metric
   * of the work done, which must have a heading. Reports show this metric instead of speedups.
   */
  readonly unequalWork?: Readonly<Record<string, string>>;
  /** How our rows are compared with peers' rows: by time (the default), or by the share of their bound that they reach. */
  readonly peersBy?: 'time' | 'efficiency';
  /**
   * The finding from the rows; if the expected effect is absent, it must say so. Called if a row has enough rounds for an
   * interval. If it is left out or returns null, reports name the fastest row, as far as that is proven.
   */
  finding?(rows: MeasuredRows): Finding | null;
}

/**
 * Declares an experiment; the default export of a file in `benchmarks/`. It only links the workload's type to the
 * variants that read it.
 */
export function defineExperiment<Work extends Workload>(experiment: Experiment<Work>): Experiment<Work> {
  return experiment;
}

/** The state of a run, for a progress display. */
export interface Progress {
  readonly experiment: string;
  readonly round: number;
  readonly rounds: number;
  readonly warmUp: boolean;
  readonly variant: string;
  /** The estimated remaining time, in ms. */
  readonly leftMs: number;
}
