/** One question with its rows, as its author declares it. */

import type { DeclaredChart } from './chart.ts';
import type { Finding, MeasuredRows } from './finding.ts';
import type { Batch, LazyStrategy, Strategy } from './job.ts';
import type { PeerVariant } from './peer.ts';
import type { Metric } from './row.ts';
import type { Bound, SampleTarget, TargetOptions } from './target.ts';

/** The size of the work: `smoke` takes seconds, `quick` is the default, `book` has the chapter's own numbers. */
export type ProfileName = 'smoke' | 'quick' | 'book' | (string & {});

export type Parameters = Readonly<Record<string, number | string | boolean>>;

/** A sample that takes longer than this counts as hung, unless its row states another limit. */
export const TIME_LIMIT_MS = 60_000;

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
  /** About how long one sample takes, for the time left before anything was measured, and to deal out shards. */
  readonly estimateMs: number;
  /**
   * A sample that takes longer counts as hung, in ms, on a machine that does nothing else; a busy one is given more. One
   * minute ({@link TIME_LIMIT_MS}) where left out; a row that may take longer says so, from its workload.
   */
  readonly timeLimitMs?: number;
}

/** A row whose jobs a strategy of ours schedules. */
export interface Variant extends VariantFields {
  readonly strategy: Strategy | LazyStrategy;
  open(target: SampleTarget): Promise<Batch>;
}

/**
 * The work of a profile: rounds, and whatever parameters the experiment's variants need, which it adds: numbers, texts, and
 * lists of either.
 */
export interface Workload {
  /** Measured rounds, at least 6 for a 95 % interval. */
  readonly rounds: number;
  /** Rounds before them that the summary leaves out. */
  readonly warmUpRounds: number;
}

/** One question, one file in `benchmarks/`. */
export interface Experiment<Work extends Workload = Workload> {
  /** The experiment's name for people. */
  readonly title: string;
  /** What it answers. */
  readonly question: string;
  /** The question in two or three words after its name, as `how many?`: with the name at most 23 characters. */
  readonly brief?: string;
  /** The work of each profile that it has, by its name. */
  readonly profiles: Readonly<Record<string, Work>>;
  /** The rows, in the order of tables and charts. */
  variants(workload: Work): Variant[];
  /** Rows for programs in other languages, after ours. */
  peers?(workload: Work): PeerVariant[];
  /** The targets that variants wait on, by name; one latency server as it is, where left out. */
  targets?(workload: Work): Readonly<Record<string, TargetOptions>>;
  readonly charts: readonly DeclaredChart[];
  /** What batches report besides times. A metric that is not declared fails the sample that reports it. */
  readonly metrics?: readonly Metric[];
  /**
   * Groups whose rows do unequal work, so that neither a time nor a speedup says which row is better: each with the metric,
   * one that has a heading, that says what a row did. Reports show no speedups there, and the metric in their place.
   */
  readonly unequalWork?: Readonly<Record<string, string>>;
  /** What rows of ours and of peers are compared by: time, where left out, or the share of their bound that they reach. */
  readonly peersBy?: 'time' | 'efficiency';
  /**
   * What the rows say; it must say so where the expected effect is absent. Called where some row has the rounds that an
   * interval takes. Where it is left out or gives null, reports say which row was the fastest, as far as that is proven.
   */
  finding?(rows: MeasuredRows): Finding | null;
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
