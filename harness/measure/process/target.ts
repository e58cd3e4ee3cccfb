import { join } from 'node:path';
import { Client } from 'undici';
import { whyNoPostgresql } from '../../../server/postgresql/missing.ts';
import type { TargetAnswers, TargetOptions } from '../../model/target.ts';
import { startChild } from './child.ts';

/** What `GET /stats` answers, as far as the harness reads it. */
export interface TargetStats {
  /** What a latency server was started with; an older one does not tell. */
  readonly settings?: Readonly<Record<string, number | string>>;
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

/** The program of each kind of target. */
const PROGRAMS = {
  latency: join(import.meta.dirname, '../../../server/latency/main.ts'),
  postgresql: join(import.meta.dirname, '../../../server/postgresql/main.ts'),
};
/** How long a target may take to put away what it made, before it is killed. */
const GOODBYE_LIMIT_MS = 15_000;

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
  /** What it is, where that is not part of this project. */
  readonly version: string | undefined;
  /** Resolves when its process has ended, to one sentence about how. */
  readonly ended: Promise<string>;
  /** Ends it; resolves when it and what it made are gone. */
  end(): Promise<void>;
}

/** Why a target of this kind cannot run here, in one sentence, or null. */
export function missingTarget({ kind }: TargetOptions): string | null {
  return kind === 'postgresql' ? whyNoPostgresql() : null;
}

/**
 * Starts a target: the latency server, or what its options name.
 *
 * @throws ChildDied where it does not start; whatever `signal` was aborted with
 */
export async function startTarget(
  { kind, ...options }: TargetOptions,
  signal?: AbortSignal,
): Promise<Target> {
  const program = PROGRAMS[kind === 'postgresql' ? kind : 'latency'];
  // What has something to put away must not be ended with the others by Ctrl-C.
  const detached = kind === 'postgresql';
  const { child, ready } = await startChild<never, TargetAddress & { version?: string }>(
    'The target',
    program,
    { args: [JSON.stringify(options)], signal, detached },
  );
  return {
    address: { origin: ready.origin, certificate: ready.certificate },
    version: ready.version,
    ended: child.ended,
    end: () => (detached ? child.dismiss(GOODBYE_LIMIT_MS) : child.kill()),
  };
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

/** What a target that cannot be asked said in its answers, in the same words. */
export function sightOf(
  { jobs, connections }: TargetAnswers,
  run: string,
): { readonly stats: TargetStats; readonly trace: TargetTrace } {
  // Whoever leaves at the same moment as another comes, leaves first.
  const changes = jobs.flatMap(({ arrivedMs, releasedMs }) => [
    { atMs: arrivedMs, by: 1 },
    { atMs: releasedMs, by: -1 },
  ]);
  changes.sort((one, other) => one.atMs - other.atMs || one.by - other.by);
  let inFlight = 0;
  let peakInFlight = 0;
  for (const { by } of changes) {
    inFlight += by;
    peakInFlight = Math.max(peakInFlight, inFlight);
  }
  return {
    stats: { requests: jobs.length, inFlight: 0, peakInFlight, connections },
    trace: { timeOriginMs: 0, requests: jobs.map((job) => ({ ...job, run })) },
  };
}

/** A target as the measured process knows it. */
export interface KnownTarget {
  readonly address: TargetAddress;
  /** Null where the target tells what it saw in its answers alone. */
  readonly witness: Witness | null;
}

/** Connects to every target of an experiment, by their names. */
export function openTargets(
  addresses: Readonly<Record<string, TargetAddress>>,
): ReadonlyMap<string, KnownTarget> {
  return new Map(
    Object.entries(addresses).map(([name, address]) => {
      const asked = address.origin.startsWith('http');
      return [name, { address, witness: asked ? createWitness(address) : null }];
    }),
  );
}
