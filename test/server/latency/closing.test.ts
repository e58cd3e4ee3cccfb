import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { afterEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'undici';
import type { Stats } from '../../../server/latency/observations.ts';
import { type RunningServer, startServer } from '../../../server/latency/server.ts';

let server: RunningServer;
let client: Client;
const start = async (options: Parameters<typeof startServer>[0] = {}) => {
  server = await startServer(options);
  client = new Client(server.origin);
};
afterEach(async () => {
  await client.destroy();
  await server.close(0);
});

/** Over one connection of its own, which the stats count. */
const askStats = async () =>
  (await (await client.request({ method: 'GET', path: '/stats' })).body.json()) as Stats;

test('closing finishes what is held', async () => {
  await start();
  const held = fetch(`${server.origin}/delay/200?job=1`);
  while ((await askStats()).inFlight === 0) await wait(1);
  const closing = server.close(5000);
  assert.deepEqual(await (await held).json(), { job: 1, delayMs: 200 });
  await closing;
  await assert.rejects(fetch(server.origin));
});

test('after the grace period what is still held is reset', async () => {
  await start();
  const held = fetch(`${server.origin}/delay/60000`);
  held.catch(() => {});
  while ((await askStats()).inFlight === 0) await wait(1);
  const startMs = performance.now();
  await server.close(100);
  assert.ok(performance.now() - startMs < 1500);
  await assert.rejects(held);
});

test('a connection that is closed in any state leaves nothing behind', async () => {
  await start({ capacity: 50 });
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const timersBefore = timers();
  const states: readonly string[] = [
    '',
    'GET /del',
    'GET /delay/10000 HTTP/1.1\r\nhost:',
    'GET /delay/10000 HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /delay/10 HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /delay/0?fault=slow&size=9999 HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /delay/0?fault=silence HTTP/1.1\r\nhost: x\r\n\r\n',
    'POST /delay/10 HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf',
    'GET /delay/10000 HTTP/1.1\r\nhost: x\r\n\r\nGET /delay/10000 HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /delay/10000 HTTP/1.1\r\nhost: x\r\n\r\nGET /delay/0?fault=slow&size=9999 HTTP/1.1\r\nhost: x\r\n\r\n',
    'GET /delay/10000 HTTP/1.1\r\nhost: x\r\n\r\nPOST /delay/10000 HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\n.',
    '\u0000\u0001\u0002\u0003',
  ];
  const sockets = Array.from({ length: 300 }, (_, index) => {
    const socket = connect(server.port, '127.0.0.1').on('error', () => {});
    socket.on('connect', () => socket.write(states[index % states.length]!));
    const leave = index % 3 === 0 ? () => socket.resetAndDestroy() : () => socket.destroy();
    setTimeout(leave, (index * 7) % 120);
    return socket;
  });
  await wait(300);
  for (const socket of sockets) socket.destroy();
  for (let tries = 0; tries < 200 && (await askStats()).connections.open > 1; tries++) await wait(10);
  const { inFlight, queued, connections } = await askStats();
  assert.deepEqual({ inFlight, queued, open: connections.open }, { inFlight: 0, queued: 0, open: 1 });
  // A slow answer would go on for 100 s.
  for (let tries = 0; tries < 200 && timers() > timersBefore; tries++) await wait(10);
  assert.ok(timers() <= timersBefore, `${timers()} timers, and ${timersBefore} before`);
  assert.equal((await fetch(`${server.origin}/delay/1`)).status, 200);
});
