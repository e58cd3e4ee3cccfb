import { median } from 'simple-statistics';
import type { Batch } from '../../harness/model/job.ts';
import type { SampleTarget } from '../../harness/model/target.ts';
import { heapHeld } from '../probes/heap.ts';
import { defaultsOf } from '../probes/http-client-defaults.ts';
import { jobPath } from './exchange.ts';
import type { HttpClient, OpenHttpClient } from './http-client.ts';
import { openAtOnce } from './opening.ts';

/** Enough requests at once that other objects on the heap hardly matter. */
const HEAP_REQUESTS = 30;
/** A hold long enough that all requests are sent before the first answer. */
const HEAP_MS = 30;
const HEAP_TIMES = 3;

/** The requests of a crawl, and its number of connections. */
export interface ClientCrawl {
  readonly requests: number;
  readonly delayMs: number;
  readonly connections: number;
}

/**
 * Prepares crawls by these libraries, whose defaults are measured first, once per process.
 *
 * @returns a function that opens a batch of GETs by one library; connections that the library keeps are open before it
 *   returns. The batch's metrics are the library's defaults and `heapPerRequestBytes`: the heap of one waiting request
 *   without its connection. The function throws the library's errors.
 */
export function clientCrawls(clients: readonly HttpClient[]) {
  const facts = new Map<HttpClient, Facts>();
  let defaults: Promise<Map<HttpClient, PromiseSettledResult<Facts>>> | undefined;
  return async (target: SampleTarget, client: HttpClient, crawl: ClientCrawl): Promise<Batch> => {
    const { requests, delayMs, connections } = crawl;
    const found = facts.get(client) ?? (await heapOf(client, target.origin));
    // All at once, since some libraries wait before a retry; and after the heap, since they leave objects on it.
    defaults ??= defaultsOfAll(clients);
    const byDefault = (await defaults).get(client);
    // Errors of other clients appear in their own rows.
    if (byDefault?.status === 'rejected') throw byDefault.reason;
    const open = await client.open(target.origin, connections);
    facts.set(client, found);
    await orClose(open, openConnections(open, connections));
    return {
      jobs: Array.from({ length: requests }, (_, id) => {
        const path = jobPath(target, delayMs, id);
        return { id, send: () => open.get(path) };
      }),
      cancel: () => void open.close().catch(() => {}),
      close: () => open.close(),
      metrics: () => ({ ...found, ...byDefault?.value }),
    };
  };
}

type Facts = Readonly<Record<string, number>>;

async function defaultsOfAll(
  clients: readonly HttpClient[],
): Promise<Map<HttpClient, PromiseSettledResult<Facts>>> {
  const all = await Promise.allSettled(clients.map(defaultsOf));
  return new Map(clients.map((client, index) => [client, all[index]!]));
}

/** Waits for work, and closes the connections if it fails, so that the next client has only its own. */
async function orClose<Result>(open: OpenHttpClient, work: Promise<Result>): Promise<Result> {
  return work.catch(async (error) => {
    await open.close().catch(() => {});
    throw error;
  });
}

async function openConnections(open: OpenHttpClient, connections: number): Promise<void> {
  await openAtOnce(connections, (holdMs) => open.get(`/delay/${holdMs}`));
}

async function heapOf(client: HttpClient, origin: string): Promise<Facts> {
  const open = await client.open(origin, HEAP_REQUESTS);
  const bytes = await orClose(open, heapsHeld(open));
  await open.close();
  return { heapPerRequestBytes: median(bytes) / HEAP_REQUESTS };
}

async function heapsHeld(open: OpenHttpClient): Promise<number[]> {
  await openConnections(open, HEAP_REQUESTS);
  const bytes: number[] = [];
  for (let time = 1; time <= HEAP_TIMES; time++) {
    const all = () => Promise.all(Array.from({ length: HEAP_REQUESTS }, () => open.get(`/delay/${HEAP_MS}`)));
    const measured = await heapHeld(async () => ({ all: all() }));
    await measured.held.all;
    bytes.push(measured.bytes);
  }
  return bytes;
}
