import { TIME_LIMIT_MS } from '../../harness/model/experiment.ts';
import type { PeerVariant } from '../../harness/model/peer.ts';

/** The crawl of a peer. */
export interface PeerCrawl {
  /** The number of requests. */
  readonly requests: number;
  /** How long the target holds each, in ms. */
  readonly delayMs: number;
  /** The most requests in flight. */
  readonly limit: number;
  readonly strategy: string;
}

/** The fields of every row of a crawl by peers, over connections that are open before the first request. */
export function peerCrawl({ requests, delayMs, limit, strategy }: PeerCrawl) {
  return {
    jobs: requests,
    limit,
    // A client that sends slowly uses fewer connections, since early answers free some.
    connections: { atMost: limit, opened: 0 },
    estimateMs: Math.ceil(requests / limit) * (delayMs + 1),
    timeLimitMs: TIME_LIMIT_MS + (3 * requests * delayMs) / limit,
    order: { workload: 'crawl', strategy, delayMs, connections: limit },
  } satisfies Partial<PeerVariant>;
}
