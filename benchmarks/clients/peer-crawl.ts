import { TIME_LIMIT_MS } from '../../harness/model/experiment.ts';
import type { PeerVariant } from '../../harness/model/peer.ts';

/** What a peer fetches, and how. */
export interface PeerCrawl {
  /** How many requests. */
  readonly requests: number;
  /** How long the target holds each, in ms. */
  readonly delayMs: number;
  /** At most so many are in flight. */
  readonly limit: number;
  readonly strategy: string;
}

/** What every row of a crawl by peers has, over connections that are open before the first request. */
export function peerCrawl({ requests, delayMs, limit, strategy }: PeerCrawl) {
  return {
    jobs: requests,
    limit,
    // A client that sends slowly uses fewer: early answers free some.
    connections: { atMost: limit, opened: 0 },
    estimateMs: Math.ceil(requests / limit) * (delayMs + 1),
    timeLimitMs: TIME_LIMIT_MS + (3 * requests * delayMs) / limit,
    order: { workload: 'crawl', strategy, delayMs, connections: limit },
  } satisfies Partial<PeerVariant>;
}
