import type { SampleTarget } from '../../harness/model/target.ts';
import { fetchText, jobPath, openPool } from './exchange.ts';

/** The ids of a chain's requests start at its number times this. */
const CHAIN_STRIDE = 100_000;

/** Chains of requests: each chain sends its next request as soon as the previous one is answered. */
export interface Chains {
  /** Runs a chain until it is stopped, with at least one request; returns the number of requests. */
  run(chain: number): Promise<number>;
  /** Stops all chains from sending. */
  stop(): void;
  /** The latency of each request in ms, in the order of answers. */
  readonly latenciesMs: readonly number[];
  close(reason?: Error): Promise<void>;
}

/** Opens one connection for each of `count` chains, whose requests are held for `delayMs`. */
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

/** The ids of the requests of chains 0, 1, …, given the number of requests of each. */
export function chainJobs(sent: readonly number[]): number[] {
  return sent.flatMap((count, chain) =>
    Array.from({ length: count }, (_, index) => chain * CHAIN_STRIDE + index),
  );
}
