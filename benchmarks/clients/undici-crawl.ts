import { promisify } from 'node:util';
import type { Dispatcher } from 'undici';
import type { Batch } from '../../harness/model/job.ts';
import type { SampleTarget } from '../../harness/model/target.ts';
import { exchangeOk, jobPath, openConnections, type Request } from './exchange.ts';
import { type FreeClients, openFreeClients } from './free-clients.ts';

/** The parameters of a crawl. */
export interface Crawl {
  /** The number of requests. */
  readonly requests: number;
  /** How long the target holds each, in ms. */
  readonly delayMs: number;
  /** The number of connections that are open before the first request; 0 if opening them is part of the measurement. */
  readonly connections: number;
  /** The dispatcher that sends; by default a client for each connection, which is undici's fastest way. */
  readonly dispatcher?: Dispatcher;
  /** The path of each job's request; by default that of the latency server. */
  readonly pathOf?: (target: SampleTarget, job: number) => string;
  /** The path of the requests that open connections; by default one of the latency server. */
  readonly openingPath?: string | undefined;
  /** The options of each request besides its path. */
  readonly request?: Omit<Request, 'path'>;
}

/**
 * A batch of GETs of `/delay/:ms` over connections that are open before it returns.
 *
 * @throws if the connections cannot be opened
 */
export async function openCrawl(target: SampleTarget, crawl: Crawl): Promise<Batch> {
  const { requests, delayMs, connections, dispatcher, openingPath } = crawl;
  const { pathOf = (one, job) => jobPath(one, delayMs, job) } = crawl;
  const clients =
    dispatcher === undefined
      ? await openFreeClients(target, connections, openingPath)
      : await openDispatcher(dispatcher, connections, openingPath);
  const get = promisify(clients.call) as (request: Request) => Promise<string>;
  return {
    jobs: Array.from({ length: requests }, (_, id) => {
      const request = { path: pathOf(target, id), ...crawl.request };
      return { id, call: (done) => clients.call(request, done), send: () => get(request) };
    }),
    cancel: (reason) => void clients.destroy(reason).catch(() => {}),
    close: () => clients.destroy(),
  };
}

async function openDispatcher(
  dispatcher: Dispatcher,
  connections: number,
  path?: string,
): Promise<FreeClients> {
  await openConnections(new Array(connections).fill(dispatcher), path);
  return {
    call: (request, done) => exchangeOk(dispatcher, request, done),
    destroy: (reason) => dispatcher.destroy(reason ?? null),
  };
}
