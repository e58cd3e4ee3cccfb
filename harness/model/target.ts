/** Targets: what jobs wait on, how to declare a new kind of target, and the evidence of a sample. */
import type { TObject } from 'typebox';

/** The address of a target. */
export interface TargetAddress {
  /** Where it listens, as in `http://127.0.0.1:4000`; for a database its URL with the password. */
  readonly origin: string;
  /** The certificate to trust, as PEM; null without TLS. */
  readonly certificate: string | null;
}

/** The target of a sample, for a variant that opens its batch. */
export interface SampleTarget extends TargetAddress {
  /** The name of this sample, which every request carries as `?run=`. */
  readonly run: string;
}

/**
 * The start options of a target. `kind` names its kind and is `latency`, the latency server, if left out. The others must
 * fit the kind's schema.
 */
export type TargetOptions = Readonly<Record<string, string | number>>;

/** What a target saw of one request. Times are in ms on the target's own clock. */
export interface RequestEvidence {
  /** The job's id; null if the request did not carry it. */
  readonly job: number | null;
  /** The sample's name, if requests carry it. */
  readonly run?: string;
  readonly arrivedMs: number;
  /** When it left the queue; null if it never did. */
  readonly startedMs: number | null;
  /** When its answer began to leave; null without an answer. */
  readonly releasedMs: number | null;
}

/** What a target saw of one sample. */
export interface Evidence {
  /** The zero of the requests' clock, in ms since 1970. */
  readonly timeOriginMs: number;
  /** Every accepted request. */
  readonly requests: readonly RequestEvidence[];
  /** The most requests in flight, if the target counts them; otherwise it is computed from the requests. */
  readonly peakInFlight?: number;
  /** How many connections carried requests, and how many were opened while the clock ran. */
  readonly connections: { readonly used: number; readonly opened: number };
  /** What a job got instead of a good answer, in a sentence without its full stop; left out if nothing failed. */
  readonly failure?: string;
}

/** The real hold times of a sample's requests after the queue, by the target's clock, in ms. */
export interface Holds {
  readonly shortestMs: number;
  readonly longestMs: number;
  readonly totalMs: number;
}

/** The input of a bound. */
export interface BoundInput {
  readonly holds: Holds;
  /** How many requests the target served. */
  readonly requests: number;
  /** At most this many are served at once: the variant's limit, or the capacity of its target if that is less. */
  readonly limit: number;
  /** All CPU work of the jobs, in ms. */
  readonly computeMs: number;
}

/** The least wall time in ms that any scheduler could need for that sample. */
export type Bound = (input: BoundInput) => number;

/**
 * Reports what a target saw, over a separate connection that no sample uses. All calls happen off the clock; each method
 * throws if the target does not answer.
 */
export interface Witness {
  /** Resets the evidence before the next sample. */
  forget(): Promise<void>;
  /** The evidence since the last reset. */
  evidence(): Promise<Evidence>;
  /** How many requests are in flight now, for example left behind by a client that ended. */
  inFlight(): Promise<number>;
}

/** Connects to a target: the default export of a kind's witness module. */
export type OpenWitness = (address: TargetAddress) => Witness;

/**
 * A kind of target: the default export of `kind.ts` in a folder with the kind's name, as in
 * `export default { … } satisfies TargetKind`. Paths are absolute.
 */
export interface TargetKind {
  /**
   * The program to fork, with its options as one JSON argument. It sends {@link TargetReady} over its IPC channel when it
   * listens, and ends when it receives any message or the channel closes. If it cannot start, it prints the reason to
   * standard error.
   */
  readonly program: string;
  /** The options that an experiment may set. An option `seed` gets the run's seed, unless the experiment sets it. */
  readonly options: TObject;
  /** Throws one sentence if options that fit the schema contradict each other. */
  checkOptions?(options: TargetOptions): void;
  /** How many requests a target with these options serves at once; undefined, or left out, if nothing limits that. */
  capacity?(options: TargetOptions): number | undefined;
  /** How many requests a run may send to a target with these options; undefined, or left out, if any number. */
  requestBudget?(options: TargetOptions): number | undefined;
  /** One sentence about what is missing on this machine for the program to run; null if it can run. */
  missing(): string | null | Promise<string | null>;
  /**
   * The module that reports what the target saw, with an {@link OpenWitness} as its default export. It is the only part of
   * the kind that the measured process loads. Null if the batch collects the evidence from the target's answers.
   */
  readonly witness: string | null;
  /** Whether it runs in a separate process group, so that Ctrl-C does not end it before it has cleaned up. */
  readonly detached: boolean;
  /** The time limit of its cleanup in ms, after which it is killed; 0 kills it at once. */
  readonly putAwayLimitMs: number;
  /** How to use a server that already runs as this target; null if that is not possible. */
  readonly elsewhere: ServerElsewhere | null;
}

/** The first message of a target's program. */
export interface TargetReady extends TargetAddress {
  readonly type: 'ready';
  /** Its name and version, as in `PostgreSQL 18.1`, if it is not part of this project. */
  readonly version?: string;
  /** Whether it already ran, and only its address was given; false if left out. */
  readonly given?: boolean;
}

/** Recognizes and checks a server that the user started. */
export interface ServerElsewhere {
  /** An example of its address, as in `http://10.0.0.2:8000`. */
  readonly example: string;
  /** The origin of such a server's address; null if the address does not fit. */
  originOf(url: URL): string | null;
  /**
   * Checks that the server answers and can be used for measuring.
   *
   * @throws with the reason, as in `it has 3 requests of another client in flight`
   */
  check(origin: string): Promise<{
    readonly version: string;
    /** Its start options by name, if it reports them. */
    readonly settings?: Readonly<Record<string, number | string>>;
  }>;
}
