/** The same work by a program in another runtime, and how such programs are found and started. */
import type { VariantFields } from './experiment.ts';

/** What a peer is asked to do, in the words of docs/peer-protocol.md. */
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

/** A program to start, as plain data. */
export interface PeerCommand {
  /** A path, or a name that is looked up. */
  readonly command: string;
  readonly args: readonly string[];
  /** What its environment has besides ours. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A peer as its runtime finds it. */
export interface PeerSource {
  /** Names its rows, as `aiohttp`; no other peer of any runtime has it. */
  readonly id: string;
  /** What is run or built; from the runtime's folder, where it is no absolute path. */
  readonly file: string;
}

/** All that a runtime needs to build a peer or to start it. */
export interface PeerPlace extends PeerSource {
  /** As {@link PeerRuntime.program}, or what `--runtime` says instead. */
  readonly program: string;
  /** An absolute path: the folder that `prepare` fills; there is none where the runtime has no such step. */
  readonly output: string;
}

/**
 * How the peers of one runtime are found, checked and started: the default export of `runtime.ts` (or `.js`) in a
 * folder of peers. The folder's name is the runtime's. What its peers say and hear is in docs/peer-protocol.md.
 */
export interface PeerRuntime {
  /** The interpreter or compiler: a path, or a name that is looked up. `--runtime NAME=PATH` says another. */
  readonly program: string;
  /** How the program is asked for its version, and which will do; it is not asked where this is left out. */
  readonly version?: {
    /** As in `['--version']`; the first version in what it prints counts. */
    readonly args: readonly string[];
    readonly least: string;
    /** Of several lines of one runtime, each ends before the next. */
    readonly below?: string;
  };
  /** The peers among the names in the runtime's folder, which come in alphabetical order; each a file or a folder. */
  find(names: readonly string[]): readonly PeerSource[];
  /**
   * Builds a peer into its `output`, before any clock; `run` resolves when a command has succeeded. It is called again
   * only when a file of the folder, or the program's version, has changed. One that rejects leaves the peer out. The
   * folder has another name by the time of `start`.
   */
  prepare?(peer: PeerPlace, run: (command: PeerCommand) => Promise<void>): Promise<void>;
  /** What starts a peer. */
  start(peer: PeerPlace): PeerCommand;
  /** One sentence on how to get a library that a peer has missed. */
  missing?(library: string, program: string): string;
}
