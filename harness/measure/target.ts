import { join } from 'node:path';
import { Client } from 'undici';
import type { TargetOptions } from '../model.ts';
import { type Child, startChild } from './child.ts';

/** What `GET /stats` answers, as far as the harness reads it. */
export interface TargetStats {
  readonly requests: number;
  readonly inFlight: number;
  readonly peakInFlight: number;
  readonly connections: { readonly opened: number; readonly used: number };
}

/** What `GET /trace` answers: one entry a request, in order of arrival. */
export interface TargetTrace {
  /** Where the target's clock has its zero, in ms since 1970. */
  readonly timeOriginMs: number;
  readonly requests: readonly {
    readonly job: number | null;
    readonly run: string;
    readonly arrivedMs: number;
    readonly startedMs: number | null;
    readonly releasedMs: number | null;
  }[];
}

const SERVER = join(import.meta.dirname, '../../server/main.ts');

/** Where a target is found. */
export interface TargetAddress {
  readonly origin: string;
  /** What to trust, as PEM; null without TLS. */
  readonly certificate: string | null;
  /** It may be on another machine, whose clock has nothing to do with ours. */
  readonly remote?: boolean;
}

/** A target that runs, in a process of its own. */
export interface Target {
  readonly address: TargetAddress;
  readonly process: Pick<Child<never, never>, 'ended' | 'kill'>;
}

/**
 * Starts the latency server.
 *
 * @throws ChildDied where it does not start; whatever `signal` was aborted with
 */
export async function startTarget(options: TargetOptions, signal?: AbortSignal): Promise<Target> {
  const { child, ready } = await startChild<never, TargetAddress>('The target', SERVER, {
    args: [JSON.stringify(options)],
    signal,
  });
  return { address: { origin: ready.origin, certificate: ready.certificate }, process: child };
}

/** Asks a target what it saw, over a connection of its own that is open before any sample. */
export interface Witness {
  forget(): Promise<void>;
  stats(): Promise<TargetStats>;
  trace(): Promise<TargetTrace>;
}

/** Connects to a target; each method throws where it does not answer. */
export function createWitness({ origin, certificate }: TargetAddress): Witness {
  const client = new Client(origin, { connect: { ca: certificate ?? undefined }, allowH2: false });
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

/** A target as the measured process knows it. */
export interface KnownTarget {
  readonly address: TargetAddress;
  readonly witness: Witness;
}

/** Connects to every target of an experiment, by their names. */
export function openTargets(
  addresses: Readonly<Record<string, TargetAddress>>,
): ReadonlyMap<string, KnownTarget> {
  return new Map(
    Object.entries(addresses).map(([name, address]) => [name, { address, witness: createWitness(address) }]),
  );
}
