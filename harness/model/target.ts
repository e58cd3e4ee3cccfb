/** What is waited on, how a new kind of it is declared, and what it tells of a sample. */
import type { TObject } from 'typebox';

/** Where a target is found. */
export interface TargetAddress {
  /** Where it listens, as in `http://127.0.0.1:4000`; for a database its URL, password and all. */
  readonly origin: string;
  /** What to trust, as PEM; null without TLS. */
  readonly certificate: string | null;
}

/** What a variant needs to know to open its batch. */
export interface SampleTarget extends TargetAddress {
  /** The name of this sample, which every request carries as `?run=`. */
  readonly run: string;
}

/**
 * What a target is started with. `kind` says what it is, and is `latency`, the latency server, where left out; the rest
 * are its options, which must fit the kind's schema.
 */
export type TargetOptions = Readonly<Record<string, string | number>>;

/** What a target saw of one request. Times are in ms on the target's own clock. */
export interface RequestEvidence {
  /** The job's id; null where the request carried none. */
  readonly job: number | null;
  /** The sample's name, where requests carry it. */
  readonly run?: string;
  readonly arrivedMs: number;
  /** When it was its turn; null where it never was. */
  readonly startedMs: number | null;
  /** When its answer began to leave; null where it had none. */
  readonly releasedMs: number | null;
}

/** What a target saw of one sample. */
export interface Evidence {
  /** Where the clock of the requests has its zero, in ms since 1970. */
  readonly timeOriginMs: number;
  /** Every request that was let in. */
  readonly requests: readonly RequestEvidence[];
  /** The most in flight at once, where the target counts that itself; else it follows from the requests. */
  readonly peakInFlight?: number;
  /** How many connections carried requests, and how many were opened while the clock ran. */
  readonly connections: { readonly used: number; readonly opened: number };
}

/** How long the target really held the requests of one sample once it was their turn, by its own clock, in ms. */
export interface Holds {
  readonly shortestMs: number;
  readonly longestMs: number;
  readonly totalMs: number;
}

/** What a bound may be made of. */
export interface BoundInput {
  readonly holds: Holds;
  /** How many requests the target served. */
  readonly requests: number;
  /** The variant's limit. */
  readonly limit: number;
  /** All CPU work of the jobs, in ms. */
  readonly computeMs: number;
}

/** The least wall time in ms that any scheduler could need for that sample. */
export type Bound = (input: BoundInput) => number;

/**
 * Tells what a target saw, over a connection of its own that no sample uses. Everything here happens off the clock;
 * each method throws where the target does not answer.
 */
export interface Witness {
  /** What was seen until now is no part of the next sample. */
  forget(): Promise<void>;
  /** What was seen since then. */
  evidence(): Promise<Evidence>;
  /** How many requests are in flight at the moment: those that a client left behind when it ended. */
  inFlight(): Promise<number>;
}

/** Connects to a target: the default export of a kind's witness module. */
export type OpenWitness = (address: TargetAddress) => Witness;

/**
 * A kind of target: the default export of `kind.ts` in a folder that is named like the kind, as in
 * `export default { … } satisfies TargetKind`. Paths are absolute.
 */
export interface TargetKind {
  /**
   * The program that is forked, with its options as one argument of JSON. It says {@link TargetReady} over its channel when
   * it listens, ends when it is told anything or the channel closes, and says on standard error why it cannot start.
   */
  readonly program: string;
  /** The options that an experiment may set. A `seed` among them is the run's, unless the experiment sets it. */
  readonly options: TObject;
  /** Throws, in one sentence, where options contradict each other that fit the schema one by one. */
  checkOptions?(options: TargetOptions): void;
  /** What must be installed first so that the program can run on this machine, in one sentence; null where it can. */
  missing(): string | null | Promise<string | null>;
  /**
   * The module that tells what the target saw, with an {@link OpenWitness} as its default export. It is all of the kind
   * that the measured process loads. Null where the target's answers tell it, which the batch then collects.
   */
  readonly witness: string | null;
  /** In a process group of its own, so that Ctrl-C does not end it before it has put away what it made. */
  readonly detached: boolean;
  /** How long it may take to put that away, in ms, before it is killed; 0 where it is to be killed at once. */
  readonly putAwayLimitMs: number;
  /** How a server can stand in for it that somebody else started; null where none can. */
  readonly elsewhere: ServerElsewhere | null;
}

/** The first thing that a target's program says. */
export interface TargetReady extends TargetAddress {
  readonly type: 'ready';
  /** What it is, as in `PostgreSQL 18.1`, where that is not part of this project. */
  readonly version?: string;
  /** Whether somebody else had started it, and only its address was given; it was not, where left out. */
  readonly given?: boolean;
}

/** How a server that somebody else started is recognized and checked. */
export interface ServerElsewhere {
  /** What its address looks like, as in `http://10.0.0.2:8000`. */
  readonly example: string;
  /** The origin of an address of such a server; null where the address cannot be one. */
  originOf(url: URL): string | null;
  /**
   * Looks whether it is there and can be measured against.
   *
   * @throws with the reason why not, as in `it has 3 requests of somebody else in flight`
   */
  check(origin: string): Promise<{
    readonly version: string;
    /** What it was started with, by the names of its options, where it tells. */
    readonly settings?: Readonly<Record<string, number | string>>;
  }>;
}
