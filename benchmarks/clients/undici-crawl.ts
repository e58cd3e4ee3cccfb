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

/** The parameters of a crawl. */
export interface Crawl {
  /** The number of requests. */
  readonly requests: number;
  /** How long the target holds each, in ms. */
  readonly delayMs: number;
  /** The number of connections that are open before the first request; 0 if opening them is part of the measurement. */
  readonly connections: number;
  /** The dispatcher that sends; by default a pool of as many connections. */
  readonly dispatcher?: Dispatcher;
  /** The options of each request besides its path. */
  readonly request?: Omit<Request, 'path'>;
}

/**
 * A batch of GETs of `/delay/:ms` over connections that are open before it returns.
 *
 * @throws if the connections cannot be opened
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
