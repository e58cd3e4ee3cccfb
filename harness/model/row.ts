/** What follows from the rounds of one variant. */
import type { Parameters } from './experiment.ts';

/** What a metric is counted in; it decides how the metric is written. */
export type Unit = 'ms' | 'bytes' | 'share' | 'per second' | 'count';

/** A figure that an experiment measures besides time, as its author declares it. */
export interface Metric {
  /** As batches report it, with its unit at the end where it has one: `latencyP50Ms`. */
  readonly name: string;
  readonly unit: Unit;
  readonly better: 'higher' | 'lower' | 'neither';
  /** Heads its column in tables. One without has none, and is for charts and findings alone. */
  readonly heading?: string;
  /** Of a percentile: the share of values below it, and the metric that counts the values of one sample. */
  readonly percentile?: { readonly share: number; readonly countedBy: string };
}

/** What a reader must know before believing a number, and what to do about it; a sentence each, with a full stop. */
export interface Warning {
  readonly what: string;
  /** Empty in records of older releases. */
  readonly remedy: string;
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
  /** The id of the peer that filled it; null for a row of this project. */
  readonly peer: string | null;
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
  /** Further figures by name, as far as every sample of the row has them: the declared ones, and those of every experiment. */
  readonly metrics: Readonly<Record<string, number>>;
  /** 95 % intervals of metrics that a chart shows and that are above 0 in every sample, around their geometric centre. */
  readonly metricIntervals: Readonly<Record<string, Estimate>>;
  /** What a reader must know before believing the row. */
  readonly warnings: readonly Warning[];
}
