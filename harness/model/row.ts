/** What follows from the rounds of one variant. */
import type { Parameters } from './experiment.ts';

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
