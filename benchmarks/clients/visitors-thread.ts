/** The thread of `visitors.ts`: it opens its connections, reports that, and visits from `start` to `stop`. */
import { parentPort, workerData } from 'node:worker_threads';
import { Pool } from 'undici';
import { fetchText } from './exchange.ts';
import type { VisitorSettings } from './visitors.ts';

const { origin, visitors } = workerData as VisitorSettings;
const pool = new Pool(origin, { connections: visitors });
const latenciesMs: number[] = [];
let going = true;

async function visit(): Promise<void> {
  do {
    const startMs = performance.now();
    await fetchText(pool, { path: '/' });
    latenciesMs.push(performance.now() - startMs);
  } while (going);
}

const all = (work: () => Promise<unknown>) => Promise.all(Array.from({ length: visitors }, work));

await all(() => fetchText(pool, { path: '/' }));
parentPort?.on('message', async (message: 'start' | 'stop') => {
  if (message === 'stop') going = false;
  else {
    await all(visit);
    parentPort?.postMessage(latenciesMs);
  }
});
parentPort?.postMessage('ready');
