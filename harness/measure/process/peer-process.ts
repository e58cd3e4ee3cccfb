import type { TSchema } from 'typebox';
import type { PeerCommand } from '../../model/peer.ts';
import { type LineProcess, PeerFailed, startLineProcess } from './line-process.ts';
import {
  type BatchOrder,
  ClosedSchema,
  DoneSchema,
  FirstSchema,
  OpenedSchema,
  type PeerAnswer,
  type PeerMessage,
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
  /** Kills the process. */
  kill(): void;
}

/** A peer's report of itself: names with versions, and its strategies by workload. */
export interface PeerAbilities {
  readonly versions: Readonly<Record<string, string>>;
  readonly strategies: Readonly<Record<string, readonly string[]>>;
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
    const { versions = {}, strategies } = first;
    const ask = async <Schema extends TSchema>(message: PeerMessage, schema: Schema, limitMs: number) => {
      peer.say(JSON.stringify(message));
      return hear(id, peer, schema, limitMs);
    };
    return {
      abilities: { versions, strategies },
      process: {
        open: async (order) => void (await ask({ do: 'open', ...order }, OpenedSchema, PATIENCE_MS)),
        run: (limitMs) => ask({ do: 'run' }, DoneSchema, limitMs),
        close: async () => void (await ask({ do: 'close' }, ClosedSchema, PATIENCE_MS)),
        kill,
      },
    };
  } catch (error) {
    kill();
    throw error;
  }
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
