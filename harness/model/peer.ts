/** The same work by a program in another runtime. */
import type { VariantFields } from './experiment.ts';

/** What a peer is asked to do, in the words of `benchmarks/peers/conversation.py`. */
export interface PeerOrder {
  /** The kind of work, which its jobs and the strategies' names belong to. */
  readonly workload: string;
  readonly strategy: string;
  /** How long the target holds each request, in ms. */
  readonly delayMs: number;
  /** How many connections stand open before the clock runs. */
  readonly connections: number;
  /** How many jobs are sent together, where the strategy takes them so. */
  readonly batch?: number;
  /** The salt of each job's hash. */
  readonly salts?: readonly string[];
}

/** A row that each peer fills which has the strategy. Its id follows the peer's name: `@100`, ` serial`. */
export interface PeerVariant extends VariantFields {
  readonly order: PeerOrder;
  /** The id of our own row in the group that it is set beside. */
  readonly nearest: string;
}
