import { type Dispatcher, Pool } from 'undici';
import type { Batch } from '../../harness/model/job.ts';
import type { SampleTarget } from '../../harness/model/target.ts';
import {
  connectionOptions,
  exchangeOk,
  fetchText,
  jobPath,
  openConnections,
  type Request,
} from './exchange.ts';

/** What a crawl asks for, and how. */
export interface Crawl {
  /** How many requests. */
  readonly requests: number;
  /** How long the target holds each, in ms. */
  readonly delayMs: number;
  /** How many connections stand open before the first request; 0 where opening them is part of the question. */
  readonly connections: number;
  /** What sends; a pool of as many connections, where left out. */
  readonly dispatcher?: Dispatcher;
  /** What each request says besides its path. */
  readonly request?: Omit<Request, 'path'>;
}

/**
 * A batch of GETs of `/delay/:ms` over connections that are open before it returns.
 *
 * @throws when the connections cannot be opened
 */
export async function openCrawl(target: SampleTarget, crawl: Crawl): Promise<Batch> {
  const { requests, delayMs, connections } = crawl;
  const dispatcher =
    crawl.dispatcher ?? new Pool(target.origin, { connections, ...connectionOptions(target) });
  await openConnections(dispatcher, connections);
  return {
    jobs: Array.from({ length: requests }, (_, id) => {
      const request = { path: jobPath(target, delayMs, id), ...crawl.request };
      return {
        id,
        send: () => fetchText(dispatcher, request),
        call: (done) => exchangeOk(dispatcher, request, done),
      };
    }),
    cancel: (reason) => void dispatcher.destroy(reason).catch(() => {}),
    close: () => dispatcher.destroy(),
  };
}
