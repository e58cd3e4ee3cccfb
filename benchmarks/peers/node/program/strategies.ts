/** How a peer in JavaScript schedules its jobs; docs/peer-protocol.md says what each strategy means. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Connections } from './client.ts';
import type { Order, Outcome } from './conversation.ts';

/** What a strategy needs for its jobs. */
export interface Work {
  readonly order: Order;
  readonly connections: Connections;
  /** Computes the bcrypt hash of a text. */
  hash(text: string, salt: string): string;
}

type Strategy = (work: Work) => Promise<Outcome>;

/** After this much CPU work the loop gets a turn, in which the peer notices that it must end. */
const BREATH_MS = 250;

async function crawlSerially({ order, connections }: Work): Promise<Outcome> {
  const results: string[] = [];
  for (const path of pathsOf(order)) results.push(await connections.get(path));
  return { results, computeMs: 0 };
}

async function crawlWithSemaphore({ order, connections }: Work): Promise<Outcome> {
  const limited = semaphore(order.limit);
  const results = await Promise.all(pathsOf(order).map((path) => limited(() => connections.get(path))));
  return { results, computeMs: 0 };
}

async function crawlAtOnce({ order, connections }: Work): Promise<Outcome> {
  return { results: await Promise.all(pathsOf(order).map((path) => connections.get(path))), computeMs: 0 };
}

async function hashAlone(work: Work): Promise<Outcome> {
  const hashes = hashing(work);
  for (let job = 0; job < work.order.jobs; job++) await hashes.add();
  return hashes.outcome();
}

async function saveSerially(work: Work): Promise<Outcome> {
  const hashes = hashing(work);
  for (const path of pathsOf(work.order)) await work.connections.post(path, await hashes.add());
  return hashes.outcome();
}

async function saveInBatches(work: Work): Promise<Outcome> {
  const hashes = hashing(work);
  const paths = pathsOf(work.order);
  const size = work.order.batch ?? paths.length;
  for (let start = 0; start < paths.length; start += size) {
    const batch: string[] = [];
    for (const _ of paths.slice(start, start + size)) batch.push(await hashes.add());
    await Promise.all(batch.map((hash, index) => work.connections.post(paths[start + index]!, hash)));
  }
  return hashes.outcome();
}

async function saveInterleaved(work: Work): Promise<Outcome> {
  const hashes = hashing(work);
  const limited = semaphore(work.order.limit);
  const saves: Promise<void>[] = [];
  for (const path of pathsOf(work.order)) {
    const hash = await hashes.add();
    saves.push(limited(() => work.connections.post(path, hash)));
    // Lets the loop send the request before the next hash blocks it.
    await turn();
  }
  await Promise.all(saves);
  return hashes.outcome();
}

/** The strategies by workload. */
export const STRATEGIES: Readonly<Record<string, Readonly<Record<string, Strategy>>>> = {
  crawl: { serial: crawlSerially, semaphore: crawlWithSemaphore, 'promise-all': crawlAtOnce },
  'hash-and-save': {
    'no-io': hashAlone,
    serial: saveSerially,
    batches: saveInBatches,
    interleaved: saveInterleaved,
  },
};

/** The paths of all jobs, in their order. */
function pathsOf({ jobs, delayMs, run }: Order): string[] {
  const name = encodeURIComponent(run);
  return Array.from({ length: jobs }, (_, job) => `/delay/${delayMs}?job=${job}&run=${name}`);
}

/** Computes hashes one after the other, in the order of the jobs, and adds up their time. */
function hashing({ order: { salts = [] }, hash }: Work) {
  const results: string[] = [];
  let computeMs = 0;
  let breathMs = performance.now();
  return {
    async add(): Promise<string> {
      const startMs = performance.now();
      if (startMs - breathMs > BREATH_MS) {
        await turn();
        breathMs = performance.now();
      }
      const job = results.length;
      const beforeMs = performance.now();
      const result = hash(`overlap ${job}`, salts[job]!);
      computeMs += performance.now() - beforeMs;
      results.push(result);
      return result;
    },
    outcome: (): Outcome => ({ results, computeMs }),
  };
}

/** Lets a number of calls work at once; the others wait in the order in which they came. */
function semaphore(places: number) {
  let free = places;
  const waiting: (() => void)[] = [];
  // Removing the first of a long list would move all others.
  let next = 0;
  return async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      if (next < waiting.length) waiting[next++]!();
      else free++;
    }
  };
}
