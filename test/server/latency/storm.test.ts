import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { Client } from 'undici';
import { startChild } from '../../../harness/measure/process/child.ts';
import type { Stats } from '../../../server/latency/observations.ts';
import { skipSlow } from '../../fixtures/slow.ts';

/** A leak of 300 bytes a request is found by the many, one that is five times as large by the few. */
const REQUESTS = skipSlow === false ? 20_000 : 200;
/** What a heap may grow by itself. */
const GROWTH_BYTES = 5 * 1024 * 1024;
const AT_ONCE = 100;
const SERVER = join(import.meta.dirname, '../../../server/latency/main.ts');
const REPORT_HEAP = join(import.meta.dirname, '../../fixtures/report-heap.js');

interface Attack {
  readonly text: string;
  /** When the client leaves after it has connected, unless the server has closed before. */
  readonly leaveAfterMs: number;
  readonly byReset: boolean;
}

const value = fc.oneof(fc.string({ maxLength: 20 }), fc.double().map(String), fc.integer().map(String));
const name = fc.constantFrom(
  'job',
  'run',
  'distribution',
  'jitter',
  'sigma',
  'shape',
  'size',
  'fault',
  'status',
  'x',
);
const kind = fc.constantFrom('fixed', 'uniform', 'pareto', 'reset:0.5', 'slow', 'silence', 'truncate');
const query = fc
  .array(fc.tuple(name, fc.oneof(value, kind)), { maxLength: 4 })
  .map((pairs) => pairs.map((pair) => pair.map(encodeURIComponent).join('=')).join('&'));
const path = fc
  .tuple(fc.oneof(value, fc.nat(20).map(String)), query)
  .map(([ms, text]) => `/delay/${encodeURIComponent(ms)}?${text}`);
const headers = 'HTTP/1.1\r\nhost: x\r\nconnection: close\r\n';

const text = fc.oneof(
  { weight: 6, arbitrary: path.map((it) => `GET ${it} ${headers}\r\n`) },
  path.map((it) => `POST ${it} ${headers}content-length: 5\r\n\r\nhello`),
  path.map((it) => `POST ${it} ${headers}content-length: 500\r\n\r\nhalf`),
  path.map((it) => `GET ${it} ${headers}`),
  path.map((it) => `POST ${it} ${headers}content-length: 9000000\r\n\r\nmuch`),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constant(`GET /delay/0 ${headers}x: ${'y'.repeat(20_000)}\r\n\r\n`),
  fc.constant(`GET /delay/0?run=${'z'.repeat(10_000)} ${headers}\r\n`),
  fc.constant(`POST /delay/0 ${headers}transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n`),
);
/** Most leave at once; a few wait for their answers, on a busy machine, too. */
const leaveAfterMs = fc.oneof(
  { weight: 19, arbitrary: fc.nat(80) },
  { weight: 1, arbitrary: fc.constant(5000) },
);
const attack: fc.Arbitrary<Attack> = fc.record({ text, leaveAfterMs, byReset: fc.boolean() });

/** Resolves to the first line of the answer, empty where none came. */
function send(port: number, { text, leaveAfterMs, byReset }: Attack): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(text);
      setTimeout(() => (byReset ? socket.resetAndDestroy() : socket.destroy()), leaveAfterMs);
    });
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer.slice(0, answer.indexOf('\r\n'))));
  });
}

test(`${REQUESTS} bad requests: no crash, no 500, nothing held or open, memory comes back`, async (context) => {
  const nodeOptions = ['--expose-gc', '--import', REPORT_HEAP];
  const { child, ready } = await startChild<'heap', { origin: string; heapBytes: number }>(
    'The server',
    SERVER,
    {
      nodeOptions,
    },
  );
  context.after(() => child.kill());
  const client = new Client(ready.origin);
  const ask = async (method: 'GET' | 'DELETE', path: string) =>
    (await client.request({ method, path })).body.text();
  const heapBytes = async () => {
    await ask('DELETE', '/stats');
    child.send('heap');
    return (await child.receive()).heapBytes;
  };
  const attacks = fc.sample(attack, { numRuns: REQUESTS, seed: 11 });
  const port = Number(new URL(ready.origin).port);
  const statuses = new Map<string, number>();
  let next = 0;
  let beforeBytes = 0;
  const attackOn = async (until: number) => {
    while (next < until) {
      const line = await send(port, attacks[next++]!);
      const status = line.split(' ')[1] ?? 'none';
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  for (const until of [REQUESTS / 4, REQUESTS]) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => attackOn(until)));
    beforeBytes ||= await heapBytes();
  }
  let stats: Stats;
  for (let tries = 0; ; tries++) {
    stats = JSON.parse(await ask('GET', '/stats')) as Stats;
    if ((stats.inFlight === 0 && stats.connections.open === 1) || tries > 200) break;
    await wait(10);
  }
  assert.deepEqual([stats.inFlight, stats.queued, stats.connections.open], [0, 0, 1]);
  assert.ok(![...statuses.keys()].some((status) => status.startsWith('5')), JSON.stringify([...statuses]));
  assert.ok(
    statuses.get('400')! > REQUESTS / 100 && statuses.get('200')! > REQUESTS / 1000,
    JSON.stringify([...statuses]),
  );
  const grownBytes = (await heapBytes()) - beforeBytes;
  assert.ok(
    grownBytes < GROWTH_BYTES,
    `${Math.round(grownBytes / 1024 / 1024)} MiB more after ${(REQUESTS * 3) / 4} requests`,
  );
  await client.destroy();
});
