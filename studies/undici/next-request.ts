/**
 * Shows how long undici holds the next request of a connection back after an answer, in waves of 100 requests. It needs
 * nothing but undici: `node next-request.ts`, or `npm run measure-undici`.
 */
import { subscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { Client, type Dispatcher, Pool } from 'undici';

const CONNECTIONS = 100;
const WAVES = 40;

if (process.argv.length > 2) {
  console.log(
    'Usage: npm run measure-undici\n\nShows how long undici holds the next request of a connection back; takes five seconds.',
  );
  process.exit(process.argv[2] === '--help' ? 0 : 1);
}

const server = new Worker(
  `const server = require('node:http').createServer((_, response) => setTimeout(() => response.end('ok'), 25));
  server.listen(0, '127.0.0.1', () => require('node:worker_threads').parentPort.postMessage(server.address().port));`,
  { eval: true },
);
const [port] = await once(server, 'message');
const origin = `http://127.0.0.1:${port}`;

let answers = 0;
let held: { answers: number; ms: number }[] = [];
/** What was so when the last answer of each connection had ended, by path. */
const ended = new Map<string, { answers: number; ms: number }>();

subscribe('undici:client:sendHeaders', (message) => {
  const last = ended.get((message as { request: { path: string } }).request.path);
  if (last !== undefined) held.push({ answers: answers - last.answers, ms: performance.now() - last.ms });
});

/** Sends one request after the other: the next when an answer ends. */
function chain(dispatcher: Dispatcher, path: string, requests: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const send = (left: number) =>
      dispatcher.dispatch(
        { method: 'GET', path },
        {
          onRequestStart() {},
          onResponseStart() {},
          onResponseData() {},
          onResponseEnd() {
            answers += 1;
            ended.set(path, { answers, ms: performance.now() });
            if (left > 1) send(left - 1);
            else resolve();
          },
          onResponseError: (_controller, error) => reject(error),
        },
      );
    send(requests);
  });
}

async function measure(way: string, dispatchers: readonly Dispatcher[]): Promise<void> {
  const all = (requests: number) =>
    Promise.all(dispatchers.map((dispatcher, index) => chain(dispatcher, `/${index}`, requests)));
  // Opens the connections, and lets V8 optimise.
  await all(10);
  ended.clear();
  held = [];
  const startMs = performance.now();
  await all(WAVES);
  const waveMs = (performance.now() - startMs) / WAVES;
  console.log(
    `${way.padEnd(24)} ${waveMs.toFixed(1)} ms a wave; the next request waits ${median(held.map(({ ms }) => ms)).toFixed(2)} ms, ` +
      `while ${median(held.map((one) => one.answers))} other answers are read`,
  );
  await Promise.all([...new Set(dispatchers)].map((dispatcher) => dispatcher.destroy()));
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

const pool = (pipelining: number) =>
  new Array<Dispatcher>(CONNECTIONS).fill(new Pool(origin, { connections: CONNECTIONS, pipelining }));
await measure('Pool', pool(1));
await measure(
  'Client a connection',
  Array.from({ length: CONNECTIONS }, () => new Client(origin)),
);
await measure('Pool, pipelining: 2', pool(2));
await server.terminate();
