import type { Batch } from '../../harness/model/job.ts';
import type { SampleTarget } from '../../harness/model/target.ts';
import { jobPath } from './exchange.ts';
import { openSockets } from './sockets.ts';
import type { Crawl } from './undici-crawl.ts';

/**
 * The same batch as that of `openCrawl`, over sockets by hand: the least that this runtime needs.
 *
 * @throws when the connections cannot be opened
 */
export async function openSocketCrawl(target: SampleTarget, crawl: Crawl): Promise<Batch> {
  const { requests, delayMs, connections } = crawl;
  const sockets = await openSockets(target.origin, connections);
  return {
    jobs: Array.from({ length: requests }, (_, id) => {
      const path = jobPath(target, delayMs, id);
      return { id, call: (done) => sockets.call(path, done), send: () => sockets.get(path) };
    }),
    cancel: (reason) => sockets.close(reason),
    close: async () => sockets.close(),
  };
}
