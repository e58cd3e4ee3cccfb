import { setTimeout as wait } from 'node:timers/promises';
import { Pool } from 'undici';
import type { Witness } from '../../model/target.ts';
import { openTargets, startTarget, type Target } from '../process/target.ts';
import type { NamedKind } from '../process/target-kinds.ts';

const POLL_MS = 10;
/** How long to wait for a request; some work sends none. */
const BUSY_LIMIT_MS = 1000;
/** The connection of these checks; the witness uses another. */
const OWN_CONNECTIONS = 1;
const STANDING_CONNECTIONS = 2;

/** The latency servers that a peer is checked against. */
export interface CheckTargets {
  /** The address of the target that answers. */
  readonly origin: string;
  /** The witness of that target. */
  readonly witness: Witness;
  /** The address of a second target, which answers 500; it starts on first use. */
  failingOrigin(): Promise<string>;
  /** The answer of the first target to each job. */
  answers(jobs: number, delayMs: number): Promise<readonly string[]>;
  /** Resolves to true when no request is in flight and only our connection is open; to false after the time limit. */
  idle(limitMs: number): Promise<boolean>;
  /** Resolves when a request is in flight, or after a short time limit: some work sends none. */
  busy(): Promise<void>;
  close(): Promise<void>;
}

/** The fields of `GET /stats` that show whether a peer is done. */
interface Connected {
  readonly inFlight: number;
  readonly connections: { readonly open: number };
}

/**
 * Starts the target that all checks need.
 *
 * @param kind the target kind of the latency server
 * @throws the errors of startTarget
 */
export async function openCheckTargets(kind: NamedKind, signal: AbortSignal): Promise<CheckTargets> {
  const target = await startTarget(kind, {}, signal);
  let failing: Target | undefined;
  const { origin } = target.address;
  const place = { address: target.address, witness: kind.witness, remote: false };
  const witness = (await openTargets({ checked: place })).get('checked')?.witness;
  if (witness === undefined || witness === null) throw new Error(`The kind ${kind.name} has no witness.`);
  const own = new Pool(origin, { connections: OWN_CONNECTIONS });
  const stats = async () => {
    const { body } = await own.request({ method: 'GET', path: '/stats' });
    return (await body.json()) as Connected;
  };
  return {
    origin,
    witness,
    async failingOrigin() {
      failing ??= await startTarget(kind, { fault: 'error' }, signal);
      return failing.address.origin;
    },
    async answers(jobs, delayMs) {
      const pool = new Pool(origin);
      const ask = async (_: unknown, job: number) => {
        const { body } = await pool.request({ method: 'GET', path: `/delay/${delayMs}?job=${job}` });
        return body.text();
      };
      try {
        return await Promise.all(Array.from({ length: jobs }, ask));
      } finally {
        await pool.destroy();
      }
    },
    idle: (limitMs) =>
      until(async () => {
        const { inFlight, connections } = await stats();
        return inFlight === 0 && connections.open <= STANDING_CONNECTIONS;
      }, limitMs),
    busy: async () => void (await until(async () => (await stats()).inFlight > 0, BUSY_LIMIT_MS)),
    close: async () => void (await Promise.all([own.destroy(), target.end(), failing?.end()])),
  };
}

/** Resolves to true when a condition holds, or to false after the time limit. */
async function until(condition: () => Promise<boolean>, limitMs: number): Promise<boolean> {
  const endMs = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > endMs) return false;
    await wait(POLL_MS);
  }
  return true;
}
