/** Peers: programs in other runtimes that do the same work, and how they are found and started. */
import type { VariantFields } from './experiment.ts';

/** An order for a peer, in the terms of docs/peer-protocol.md. */
export interface PeerOrder {
  /** The kind of work, which its jobs and the strategies' names belong to. */
  readonly workload: string;
  readonly strategy: string;
  /** How long the target holds each request, in ms. */
  readonly delayMs: number;
  /** How many connections are open before the clock starts. */
  readonly connections: number;
  /** How many jobs are sent together, for strategies that send batches. */
  readonly batch?: number;
  /** The salt of each job's hash. */
  readonly salts?: readonly string[];
}

/** A row for each peer that has the strategy. Its id is appended to the peer's name: `@100`, ` serial`. */
export interface PeerVariant extends VariantFields {
  readonly order: PeerOrder;
  /** The id of our row in the same group that it is compared with. */
  readonly nearest: string;
  /**
   * Each sample gets a new process, which first sends this many requests of the same kind, without a clock. Then the samples
   * have the metrics `startMs` (from the start of the process to its first line) and, on Linux, `peakMemoryBytes` (the most
   * resident memory of the process).
   */
  readonly freshAfter?: number;
}

/** A setting of the client of a peer. */
export interface PeerSetting {
  readonly name: string;
  readonly value: string;
  /** The default, where the value is another. */
  readonly default?: string;
  /** Why the value is not the default. */
  readonly why?: string;
}

/** A program to start, as plain data. */
export interface PeerCommand {
  /** A path, or a name that is looked up. */
  readonly command: string;
  readonly args: readonly string[];
  /** Additional environment variables. */
  readonly env?: Readonly<Record<string, string>>;
  /** The folder in which it starts; by default that of this process. */
  readonly cwd?: string;
}

/** A peer as its runtime finds it. */
export interface PeerSource {
  /** The name of its rows, as in `aiohttp`; unique among the peers of all runtimes. */
  readonly id: string;
  /** The file to run or build; a relative path starts from the runtime's folder. */
  readonly file: string;
  /** The program that runs or builds this peer, where it is not the runtime's. */
  readonly program?: string;
}

/** The paths that a runtime needs to build or start a peer. */
export interface PeerPlace extends PeerSource {
  /** The program of the source or of the runtime, unless `--runtime` names another. */
  readonly program: string;
  /** The absolute path of the folder that `prepare` fills; without `prepare` the folder does not exist. */
  readonly output: string;
}

/**
 * Finds, checks and starts the peers of one runtime: the default export of `runtime.ts` (or `.js`) in a folder of peers.
 * The folder's name is the runtime's. docs/peer-protocol.md describes the messages of its peers.
 */
export interface PeerRuntime {
  /** The interpreter or compiler: a path, or a name in the PATH. `--runtime NAME=PATH` replaces it. */
  readonly program: string;
  /** How to ask the program for its version, and the versions that fit; if left out, the version is not checked. */
  readonly version?: {
    /** As in `['--version']`; the first version in the output counts. */
    readonly args: readonly string[];
    readonly least: string;
    /** The first version that does not fit, if there is one. */
    readonly below?: string;
  };
  /**
   * Selects the peers among the names of files and folders in the runtime's folder, given in alphabetical order. `program` is
   * that of `--runtime`, if it was given.
   */
  find(names: readonly string[], program?: string): readonly PeerSource[];
  /**
   * Builds a peer into its `output` before any measurement, once for all peers with the same file; `run` resolves when a command has succeeded. It is called again
   * only if a file of the folder or the program's version has changed. If it rejects, the peer is skipped. In `start`, the
   * folder has another name.
   */
  prepare?(peer: PeerPlace, run: (command: PeerCommand) => Promise<void>): Promise<void>;
  /** The command that starts a peer. */
  start(peer: PeerPlace): PeerCommand;
  /** One sentence on how to install a library that a peer lacks. */
  missing?(library: string, program: string): string;
  /** What to do where its program cannot be started: a clause such as `apt-get install golang-go adds it`. */
  readonly install?: string;
}
