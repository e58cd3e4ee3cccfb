/** What is waited on, and what it tells of a sample. */

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

/** What a variant needs to know to open its batch. */
export interface SampleTarget {
  /** Where the target listens, as in `http://127.0.0.1:4000`; for a database its URL, password and all. */
  readonly origin: string;
  /** What to trust, as PEM; null where the target speaks plain HTTP. */
  readonly certificate: string | null;
  /** The name of this sample, which every request carries as `?run=`. */
  readonly run: string;
}

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

/**
 * What a target is started with. `kind` says what it is: the latency server, where left out, or `postgresql`; the
 * rest are its options.
 */
export type TargetOptions = Readonly<Record<string, string | number>>;
