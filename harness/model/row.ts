/** The summary of the rounds of one variant. */
import type { Parameters } from './experiment.ts';

/** The unit of a metric, which sets its format. */
export type Unit = 'ms' | 'bytes' | 'share' | 'per second' | 'count';

/** A figure that an experiment measures besides time, as its author declares it. */
export interface Metric {
  /** The name in batches' reports, with the unit at the end if it has one: `latencyP50Ms`. */
  readonly name: string;
  readonly unit: Unit;
  readonly better: 'higher' | 'lower' | 'neither';
  /** The heading of its column in tables. A metric without heading has no column; only charts and findings use it. */
  readonly heading?: string;
  /** For a percentile: the share of values below it, and the metric that counts the values of one sample. */
  readonly percentile?: { readonly share: number; readonly countedBy: string };
}

/** A reason not to trust a number, and the remedy; one sentence each, with a full stop. */
export interface Warning {
  readonly what: string;
  /** Empty in records of older releases. */
  readonly remedy: string;
}

/** A value with its 95 % interval; the interval is null if there are too few rounds. */
export interface Estimate {
  readonly value: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** One line of a summary: the figures from all rounds of one variant. */
export interface Row {
  readonly variant: string;
  readonly group: string;
  readonly baseline: boolean;
  /** Whether it is one of the rows that the experiment is about. */
  readonly headline: boolean;
  /** Whether it is a floor: the least time of this runtime, a reference for other rows that no finding recommends. */
  readonly floor: boolean;
  /** The id of the peer that measured it; null for our own rows. */
  readonly peer: string | null;
  /** Measured rounds, without warm-up. */
  readonly rounds: number;
  readonly medianMs: number;
  /** The Hodges-Lehmann centre of the times, in ms. */
  readonly time: Estimate;
  readonly boundMs: number;
  /** Median of bound / time, 0 to 1. */
  readonly efficiency: number;
  readonly speedup: Estimate;
  /** Whether it and its baseline do the same work; otherwise reports show no speedup. */
  readonly sameWork: boolean;
  readonly parameters: Parameters;
  readonly target: { readonly requests: number; readonly peakInFlight: number; readonly connections: number };
  /** For a peer: our row to compare with, and its ratios of speed and efficiency. */
  readonly nearest: {
    readonly variant: string;
    readonly speedup: Estimate;
    readonly efficiency: Estimate;
  } | null;
  /** Further figures by name: declared metrics and those of every experiment, if all samples of the row have them. */
  readonly metrics: Readonly<Record<string, number>>;
  /** 95 % intervals of metrics that a chart shows and that are above 0 in every sample, around their geometric centre. */
  readonly metricIntervals: Readonly<Record<string, Estimate>>;
  /** Reasons not to trust the row. */
  readonly warnings: readonly Warning[];
}
