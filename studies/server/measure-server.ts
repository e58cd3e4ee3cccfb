/**
 * Measures the latency server: the precision of its holds, its throughput relative to a minimal server, the latencies at
 * external clients, and the memory of a held request. Prints a Markdown table. If `PYTHON` (or `python3`) has Tornado,
 * the server of the chapter, it is measured in the same way. Keep the machine idle meanwhile. `npm run measure-server`;
 * it takes about ten minutes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Command } from '@commander-js/extra-typings';
import { markdownTable } from 'markdown-table';
import { max, median, quantile } from 'simple-statistics';
import { Client, Pool } from 'undici';
import { $ } from 'zx';
import { startChild } from '../../harness/measure/process/child.ts';
import { measuredVariables } from '../../harness/measure/process/variables.ts';
import { speedup } from '../../harness/statistics/speedup.ts';
import { watchOutput } from '../../scripts/output.ts';
import type { Stats } from '../../server/latency/observations.ts';

new Command('npm run measure-server --')
  .description(
    'Measures how precise the latency server is and what it costs, beside bare fastify and Tornado; takes about five minutes.',
  )
  .parse();
const SERVER = join(import.meta.dirname, '../../server/latency/main.ts');
const BARE = join(import.meta.dirname, 'bare.ts');
const TORNADO = join(import.meta.dirname, 'tornado-server.py');
const PYTHON = process.env.PYTHON ?? 'python3';
const env = measuredVariables();
const shell = $({ env, quiet: true });
const run = (program: string, args: readonly string[]) => shell`${program} ${args}`;

/** A running server and its queries. */
interface Server {
  readonly origin: string;
  stats(): Promise<Pick<Stats, 'requests' | 'inFlight' | 'holdErrorMs' | 'memoryBytes'>>;
  forget(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts one of our servers. */
async function start(file: string): Promise<Server> {
  const { child, ready } = await startChild<never, { origin: string }>('The server', file);
  return serverAt(ready.origin, () => child.kill());
}

/** An optional program is not installed on this machine. */
class Missing extends Error {}

/** Starts the server of the chapter. @throws Missing if Python lacks Tornado */
async function startTornado(): Promise<Server> {
  const child = spawn(PYTHON, [TORNADO], { stdio: ['pipe', 'pipe', 'ignore'], env });
  // If the interpreter does not exist, `close` comes, too.
  const ended = once(child, 'close').catch(() => {});
  const ready = once(child.stdout.setEncoding('utf8'), 'data').then(([line]) => JSON.parse(String(line)));
  const nothing = ended.then(() => {
    throw new Missing(`${PYTHON} has no Tornado.`);
  });
  const { origin } = await Promise.race([ready, nothing]);
  nothing.catch(() => {});
  return serverAt(origin, async () => {
    child.kill('SIGKILL');
    await ended;
  });
}

function serverAt(origin: string, end: () => Promise<void>): Server {
  const client = new Client(origin);
  return {
    origin,
    stats: async () => (await (await client.request({ method: 'GET', path: '/stats' })).body.json()) as Stats,
    forget: async () => void (await (await client.request({ method: 'DELETE', path: '/stats' })).body.dump()),
    async stop() {
      await client.destroy();
      await end();
    },
  };
}

type Line = readonly [what: string, figure: string, how: string];

/** The requests per second of wrk, with one thread over this many connections. */
async function wrk(url: string, connections: number, seconds: number): Promise<number> {
  const { stdout } = await run('wrk', ['-t1', `-c${connections}`, `-d${seconds}s`, url]);
  return Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
}

async function measurePrecision(name: string, starting: () => Promise<Server>): Promise<Line[]> {
  const inFlight = 1000;
  const holdMs = 1000;
  const seconds = 8;
  const server = await starting();
  const pool = new Pool(server.origin, { connections: inFlight });
  const hold = async (delayMs: number) => {
    const { body } = await pool.request({ method: 'GET', path: `/delay/${delayMs}` });
    await body.dump();
  };
  // The first second warms up the JIT compiler; then arrivals are spread evenly over the hold.
  await Promise.all(Array.from({ length: inFlight }, (_, index) => wait(index).then(() => hold(holdMs))));
  await server.forget();
  const endMs = performance.now() + seconds * 1000;
  await Promise.all(
    Array.from({ length: inFlight }, async (_, index) => {
      await wait((index * holdMs) / inFlight);
      while (performance.now() < endMs) await hold(holdMs);
    }),
  );
  const { holdErrorMs, requests } = await server.stats();
  await pool.destroy();
  await server.stop();
  const figure = `${holdErrorMs.p50.toFixed(3)} ms, ${holdErrorMs.p99.toFixed(3)} ms, ${holdErrorMs.max.toFixed(3)} ms`;
  return [
    [
      `${name}released late: median, 99 %, longest`,
      figure,
      `${requests} requests of ${holdMs} ms, ${inFlight} in flight`,
    ],
  ];
}

/** @param seenBefore how many requests our server has answered, and kept in its trace, before the first round */
async function measureThroughput(
  name: string,
  starting: () => Promise<Server>,
  path: string,
  seenBefore = 0,
): Promise<Line[]> {
  const rounds = 8;
  const [ours, other] = [await start(SERVER), await starting()];
  while ((await ours.stats()).requests < seenBefore) await wrk(`${ours.origin}/delay/0`, 64, 2);
  const [oursPerSecond, otherPerSecond]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const both = [
      async () => oursPerSecond.push(await wrk(`${ours.origin}/delay/0`, 64, 4)),
      async () => otherPerSecond.push(await wrk(other.origin + path, 64, 4)),
    ];
    for (const one of round % 2 === 0 ? both : both.reverse()) await one();
  }
  await Promise.all([ours.stop(), other.stop()]);
  // The first round warms up the JIT compiler. A rate is the inverse of a time, so the sides are swapped.
  const { value, low, high } = speedup(oursPerSecond.slice(1), otherPerSecond.slice(1));
  return [
    [
      `throughput without delay / ${name}${seenBefore === 0 ? '' : `, after ${seenBefore / 1e6} million requests`}`,
      `${value.toFixed(3)} (${low?.toFixed(3)} to ${high?.toFixed(3)})`,
      `wrk, 64 connections, ${rounds} paired rounds of 4 s; ${Math.round(median(oursPerSecond.slice(1)))} requests a second`,
    ],
  ];
}

/** With 100 values, ten lie beyond the 90th percentile. */
const CURL_REQUESTS = 100;

async function measureOutsideView(): Promise<Line[]> {
  const server = await start(SERVER);
  await wrk(`${server.origin}/delay/100`, 100, 3);
  const perSecond = await wrk(`${server.origin}/delay/100`, 100, 10);
  const seenMs: number[] = [];
  for (let request = 0; request < CURL_REQUESTS; request++) {
    const { stdout } = await run('curl', [
      '-s',
      '-o',
      '/dev/null',
      '-w',
      '%{time_total}',
      `${server.origin}/delay/100`,
    ]);
    seenMs.push(Number(stdout) * 1000);
  }
  await server.stop();
  return [
    [
      'wrk, 100 connections, /delay/100',
      `${perSecond.toFixed(1)} requests a second`,
      `${((perSecond / 990) * 100).toFixed(1)} % of 990, in 10 s`,
    ],
    [
      'curl, /delay/100, new connection each',
      `median ${median(seenMs).toFixed(2)} ms, 90 % ${quantile(seenMs, 0.9).toFixed(2)} ms, longest ${max(seenMs).toFixed(2)} ms`,
      `curl's time_total, ${CURL_REQUESTS} single requests`,
    ],
  ];
}

/** What the process takes after many requests beside what it took once it was warm. */
async function measureGrowth(): Promise<Line[]> {
  const [warm, many] = [200_000, 10_000_000];
  const server = await start(SERVER);
  const load = async (requests: number) => {
    while ((await server.stats()).requests < requests) await wrk(`${server.origin}/delay/0`, 64, 5);
    return (await server.stats()).memoryBytes;
  };
  const before = await load(warm);
  const after = await load(many);
  await server.stop();
  return [
    [
      'memory after 10 million requests, beside 0.2 million',
      `${((after - before) / 1024 ** 2).toFixed(1)} MiB more`,
      `${(after / 1024 ** 2).toFixed(0)} MiB in all`,
    ],
  ];
}

async function measureMemory(name: string, starting: () => Promise<Server>): Promise<Line[]> {
  const held = 10_000;
  const server = await starting();
  const pool = new Pool(server.origin, { connections: held });
  const before = (await server.stats()).memoryBytes;
  const answers = Array.from({ length: held }, async () => {
    const { body } = await pool.request({ method: 'GET', path: '/delay/15000' });
    await body.dump();
  });
  while ((await server.stats()).inFlight < held) await wait(50);
  const during = (await server.stats()).memoryBytes;
  await Promise.all(answers);
  await pool.destroy();
  await server.stop();
  const eachBytes = (during - before) / held;
  return [
    [
      `${name}memory of one held request`,
      `${(eachBytes / 1024).toFixed(1)} KiB`,
      `${held} at once, each with its connection`,
    ],
  ];
}

const ours = () => start(SERVER);
const measurements: readonly (readonly [title: string, measure: () => Promise<Line[]>])[] = [
  ['precision', () => measurePrecision('', ours)],
  ['throughput', () => measureThroughput('bare fastify', () => start(BARE), '/')],
  ['throughput, trace full', () => measureThroughput('bare fastify', () => start(BARE), '/', 1e6)],
  ['outside view', measureOutsideView],
  ['growth', measureGrowth],
  ['memory', () => measureMemory('', ours)],
  ['Tornado: precision', () => measurePrecision('Tornado: ', startTornado)],
  ['Tornado: throughput', () => measureThroughput('Tornado', startTornado, '/delay/0')],
  ['Tornado: memory', () => measureMemory('Tornado: ', startTornado)],
];

watchOutput();
const lines: Line[] = [];
for (const [title, measure] of measurements)
  try {
    lines.push(...(await measure()));
  } catch (error) {
    const missing = error instanceof Missing;
    lines.push([title, missing ? 'skipped' : 'not measured', (error as Error).message]);
    if (!missing) process.exitCode = 1;
  }
console.log(markdownTable([['what', 'figure', 'how'], ...lines.map((line) => [...line])]));
process.exit();
