import { join } from 'node:path';
import { Client } from 'undici';
import { type Child, startChild } from './child.ts';

/** What `GET /stats` answers, as far as the harness reads it. */
export interface TargetStats {
  readonly requests: number;
  readonly peakInFlight: number;
  readonly connections: { readonly opened: number; readonly used: number };
}

/** What `GET /trace` answers: one entry a request, in order of arrival. */
export interface TargetTrace {
  readonly requests: readonly {
    readonly job: number | null;
    readonly run: string;
    readonly arrivedMs: number;
    readonly releasedMs: number | null;
  }[];
}

const SERVER = join(import.meta.dirname, '../../server/main.ts');

/** A target that runs, in a process of its own. */
export interface Target {
  readonly origin: string;
  readonly process: Pick<Child<never, never>, 'ended' | 'kill'>;
}

/**
 * Starts the latency server.
 *
 * @throws ChildDied where it does not start; whatever `signal` was aborted with
 */
export async function startTarget(signal?: AbortSignal): Promise<Target> {
  const { child, ready } = await startChild<never, { origin: string }>('The target', SERVER, { signal });
  return { origin: ready.origin, process: child };
}

/** Asks a target what it saw, over a connection of its own that is open before any sample. */
export interface Witness {
  forget(): Promise<void>;
  stats(): Promise<TargetStats>;
  trace(): Promise<TargetTrace>;
}

/** Connects to the target at `origin`; each method throws where the target does not answer. */
export function createWitness(origin: string): Witness {
  const client = new Client(origin);
  const ask = async (method: 'GET' | 'DELETE', path: string) => {
    const { statusCode, body } = await client.request({ method, path });
    if (statusCode >= 300) throw new Error(`The target answered ${statusCode} to ${method} ${path}.`);
    return method === 'GET' ? body.json() : body.dump();
  };
  return {
    forget: async () => void (await ask('DELETE', '/stats')),
    stats: async () => (await ask('GET', '/stats')) as TargetStats,
    trace: async () => (await ask('GET', '/trace')) as TargetTrace,
  };
}
