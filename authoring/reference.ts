/** The baseline of a benchmark: Overlap's own client, which no change of the measured code makes faster or slower. */
import { openCrawl } from '../benchmarks/clients/undici-crawl.ts';
import { semaphore } from '../benchmarks/strategies/semaphore.ts';
import type { Variant } from '../harness/model/experiment.ts';
import { addressesOf } from './addresses.ts';
import { type Api, meanLatencyMs } from './api.ts';
import { type BenchmarkWork, sampleMs } from './sizes.ts';

/** Without a capacity: enough at once to be cheap, and few enough for any client. */
const USUAL_LIMIT = 10;

/**
 * How many requests the reference has in flight: as many as the API works on, so that it shows what can be reached.
 */
export function referenceLimit({ capacity = USUAL_LIMIT }: Api): number {
  return capacity;
}

/** The row of the reference. */
export function referenceRow(api: Api, { requests, latencyMs }: BenchmarkWork): Variant {
  const limit = Math.min(referenceLimit(api), requests);
  const { job: pathOf, opening: openingPath } = addressesOf(api, latencyMs);
  return {
    id: `reference@${limit}`,
    baseline: true,
    strategy: semaphore(limit),
    jobs: requests,
    limit,
    connections: { used: limit, opened: 0 },
    estimateMs: sampleMs(requests, meanLatencyMs(api), limit),
    open: (target) =>
      openCrawl(target, { requests, delayMs: latencyMs, connections: limit, pathOf, openingPath }),
  };
}
