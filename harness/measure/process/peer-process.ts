import type { Static, TSchema } from 'typebox';
import type { PeerCommand, PeerSetting } from '../../model/peer.ts';
import { type LineProcess, PeerFailed, startLineProcess } from './line-process.ts';
import { peakMemoryBytes } from './peak-memory.ts';
import {
  type BatchOrder,
  ClosedSchema,
  DoneSchema,
  FirstSchema,
  OpenedSchema,
  type PeerAnswer,
  type PeerMessage,
  type ReadySchema,
  readLine,
} from './peer-messages.ts';

/** The time limit of a peer for every step but a sample: its start with all imports, opening, closing. */
export const PATIENCE_MS = 30_000;

/** A running peer. */
export interface PeerProcess {
  /** Opens its connections. */
  open(order: BatchOrder): Promise<void>;
  /** Does the work within a time limit. */
  run(limitMs: number): Promise<PeerAnswer>;
  /** Closes its connections. */
  close(): Promise<void>;
  /** The most resident memory that it had so far, in bytes; undefined where the system does not tell. */
  peakMemoryBytes(): number | undefined;
  /** Kills the process. */
  kill(): void;
}

/** A peer's report of itself. */
export interface PeerAbilities {
  /** Of its runtime and libraries, by their names. */
  readonly versions: Readonly<Record<string, string>>;
  /** By workload. */
  readonly strategies: Readonly<Record<string, readonly string[]>>;
  /** The library that sends its requests. */
  readonly client?: string;
  /** The settings of that library. */
  readonly settings?: readonly PeerSetting[];
  /** Why it opens connections during a batch; left out if it keeps those that it opened before. */
  readonly reconnects?: string;
}

/** A peer lacks a library. */
export class LibraryMissing extends PeerFailed {
  readonly library: string;

  constructor(id: string, library: string) {
    super(`${id} needs ${library}, which is not installed.`);
    this.library = library;
  }
}

/**
 * Starts a peer that was found.
 *
 * @param id its name in error messages
 * @param variables its environment, besides that of the command
 * @throws PeerFailed; LibraryMissing if the peer reports one
 */
export async function startPeer(
  id: string,
  command: PeerCommand,
  variables: NodeJS.ProcessEnv = process.env,
): Promise<{ abilities: PeerAbilities; process: PeerProcess }> {
  const peer = startLineProcess(id, command, { variables });
  const kill = () => void peer.child.kill('SIGKILL');
  try {
    const first = await hear(id, peer, FirstSchema, PATIENCE_MS);
    if (!first.ready) throw new LibraryMissing(id, first.missing);
    const abilities = abilitiesOf(first);
    const ask = async <Schema extends TSchema>(message: PeerMessage, schema: Schema, limitMs: number) => {
      peer.say(JSON.stringify(message));
      return hear(id, peer, schema, limitMs);
    };
    return {
      abilities,
      process: {
        open: async (order) => void (await ask({ do: 'open', ...order }, OpenedSchema, PATIENCE_MS)),
        run: (limitMs) => ask({ do: 'run' }, DoneSchema, limitMs),
        close: async () => void (await ask({ do: 'close' }, ClosedSchema, PATIENCE_MS)),
        peakMemoryBytes: () => (peer.child.pid === undefined ? undefined : peakMemoryBytes(peer.child.pid)),
        kill,
      },
    };
  } catch (error) {
    kill();
    throw error;
  }
}

/** Without fields that Overlap does not know. */
function abilitiesOf({
  versions = {},
  strategies,
  client,
  settings,
  reconnects,
}: Static<typeof ReadySchema>): PeerAbilities {
  return {
    versions,
    strategies,
    ...(client === undefined ? {} : { client }),
    ...(settings === undefined ? {} : { settings: settings.map(settingOf) }),
    ...(reconnects === undefined ? {} : { reconnects }),
  };
}

function settingOf({ name, value, default: usual, why }: PeerSetting): PeerSetting {
  return {
    name,
    value,
    ...(usual === undefined ? {} : { default: usual }),
    ...(why === undefined ? {} : { why }),
  };
}

/** The next message of a peer, checked against its schema. @throws PeerFailed */
export async function hear<Schema extends TSchema>(
  id: string,
  peer: LineProcess,
  schema: Schema,
  limitMs: number,
) {
  const line = await peer.hear(limitMs);
  try {
    return readLine(schema, line);
  } catch (error) {
    throw new PeerFailed(`${id} said ${JSON.stringify(line.slice(0, 80))}, ${(error as Error).message}.`);
  }
}
