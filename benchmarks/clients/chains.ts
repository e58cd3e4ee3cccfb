import type { SampleTarget } from '../../harness/model/target.ts';
import { fetchText, jobPath, openPool } from './exchange.ts';

/** Ids of a chain's requests start at its number times this. */
const CHAIN_STRIDE = 100_000;

/** Chains of requests: in each, the next is sent as soon as the one before is answered. */
export interface Chains {
  /** Runs a chain while it may go on, and at least one request; returns how many it sent. */
  run(chain: number): Promise<number>;
  /** No chain sends any more. */
  stop(): void;
  /** How long each request took, from its sending to its answer, in ms, in the order of answers. */
  readonly latenciesMs: readonly number[];
  close(reason?: Error): Promise<void>;
}

/** Opens the connections of `count` chains, one each, whose requests are held for `delayMs`. */
export async function openChains(target: SampleTarget, count: number, delayMs: number): Promise<Chains> {
  const pool = await openPool(target, count);
  const latenciesMs: number[] = [];
  let going = true;
  return {
    latenciesMs,
    async run(chain) {
      let sent = 0;
      do {
        const startMs = performance.now();
        const job = chain * CHAIN_STRIDE + sent;
        sent += 1;
        await fetchText(pool, { path: jobPath(target, delayMs, job) });
        latenciesMs.push(performance.now() - startMs);
      } while (going);
      return sent;
    },
    stop() {
      going = false;
    },
    close: (reason) => pool.destroy(reason ?? null),
  };
}

/** The ids of the requests that chain 0, 1, … sent, given how many each did. */
export function chainJobs(sent: readonly number[]): number[] {
  return sent.flatMap((count, chain) =>
    Array.from({ length: count }, (_, index) => chain * CHAIN_STRIDE + index),
  );
}
