import type { Bound } from '../../model/target.ts';
import { computeBoundMs, ioBoundMs, overlapBoundMs, serialBoundMs } from '../../statistics/bound.ts';
import type { BatchOrder } from '../process/peer-messages.ts';

const JOBS = 6;
const LIMIT = 3;

/** An order for a strategy, and the expected results. */
export interface Work {
  readonly order: Omit<BatchOrder, 'origin' | 'run'>;
  /** Null for a workload that the document does not describe: its results are unknown. */
  readonly expected: {
    /** The ids of the jobs that the target must have served. */
    readonly served: readonly number[];
    readonly bound: Bound;
    /** The expected results; `answers` if they are the target's answers. */
    readonly results: readonly string[] | 'answers';
  } | null;
}

/** Hashes of the texts `overlap 0` to `overlap 5`; each begins with its salt. */
export const HASHES = [
  '$2b$04$.....O................nnMSqib90NZpGW/PqrH2/IQKmZj4jza',
  '$2b$04$.....e................Q4v7Bhh4U8egPGQ3AF1gqcy4tYEWUee',
  '$2b$04$.....u................1LpdM4VB3hMehxjIRlAwLo.gpLzhrdy',
  '$2b$04$..../.................AihEkpkgpMfTKQa5c50wAh28zEU0sP6',
  '$2b$04$..../O................QhwOU9ZdNxTIpfOZXsuUvyhn1ztq84K',
  '$2b$04$..../e................fkgPwT3YfhIu8qFVaMubbDsnly8vBcO',
];
const SALTS = HASHES.map((hash) => hash.slice(0, 29));

const HASHING_BOUNDS: Readonly<Record<string, Bound>> = {
  'no-io': computeBoundMs,
  serial: serialBoundMs,
  batches: overlapBoundMs,
  interleaved: overlapBoundMs,
};

/**
 * The order for a strategy that a peer offers.
 *
 * @param delayMs how long the target holds each request
 */
export function workOf(workload: string, strategy: string, delayMs: number): Work {
  const limit = strategy === 'serial' ? 1 : strategy === 'promise-all' ? JOBS : LIMIT;
  const order = { workload, strategy, jobs: JOBS, limit, delayMs, connections: limit };
  const served = Array.from({ length: JOBS }, (_, job) => job);
  if (workload === 'crawl') return { order, expected: { served, bound: ioBoundMs, results: 'answers' } };
  if (workload !== 'hash-and-save') return { order, expected: null };
  return {
    order: { ...order, batch: LIMIT, salts: SALTS },
    expected: {
      served: strategy === 'no-io' ? [] : served,
      bound: HASHING_BOUNDS[strategy] ?? ioBoundMs,
      results: HASHES,
    },
  };
}

/** A long batch of CPU work for the checks that interrupt it; each hash takes about a second. */
export function longHashing(): Work['order'] {
  const { order } = workOf('hash-and-save', 'no-io', 0);
  const salts = Array.from({ length: 3600 }, () => SALTS[0]!.replace('$04$', '$14$'));
  return { ...order, jobs: salts.length, salts };
}
