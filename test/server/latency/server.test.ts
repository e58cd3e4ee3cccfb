import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import type { Stats } from '../../../server/latency/observations.ts';
import { type RunningServer, startServer } from '../../../server/latency/server.ts';
import type { Trace } from '../../../server/latency/trace.ts';

let server: RunningServer;
before(async () => {
  server = await startServer();
});
after(() => server.close());
beforeEach(() => fetch(`${server.origin}/stats`, { method: 'DELETE' }));

const ask = (path: string, options?: RequestInit) => fetch(`${server.origin}${path}`, options);
const askJson = async <Body>(path: string) => (await ask(path)).json() as Promise<Body>;
const askStats = () => askJson<Stats>('/stats');
const askTrace = async () => (await askJson<Trace>('/trace')).requests;

test('it holds a request as long as it says, and never shorter', async () => {
  const sentMs = performance.now();
  const answer = await askJson('/delay/30?job=17&run=crawl/serial/1');
  assert.ok(performance.now() - sentMs >= 30);
  assert.deepEqual(answer, { job: 17, delayMs: 30 });
  const requests = await askTrace();
  assert.equal(requests.length, 1);
  const { job, run, arrivedMs, releasedMs } = requests[0]!;
  assert.deepEqual({ job, run }, { job: 17, run: 'crawl/serial/1' });
  assert.ok(releasedMs! - arrivedMs >= 30);
});

test('every path below a base URL is a request of its sample, numbered in the order of arrival', async () => {
  const run = `crawl/${'long'.repeat(50)}/1`;
  const base = `/base/${encodeURIComponent(run)}/5`;
  assert.deepEqual(await askJson(`${base}/users/17?fields=name`), { job: 0, delayMs: 5 });
  const answer = await ask(`${base}/`, { method: 'PUT', body: 'abc' });
  assert.match(await answer.text(), /^\{"job":1,"delayMs":5,"sizeBytes":3,/);
  assert.equal((await ask('/base/other/0/x')).status, 200);
  assert.equal((await ask(`/base/${'x'.repeat(301)}/0/x`)).status, 414);
  assert.deepEqual(
    (await askTrace()).map((request) => [request.run, request.job]),
    [
      [run, 0],
      [run, 1],
      ['other', 0],
    ],
  );
  await ask('/stats', { method: 'DELETE' });
  assert.deepEqual(await askJson(`${base}/again`), { job: 0, delayMs: 5 });
});

test('it answers a body with its length and checksum', async () => {
  const body = 'what was hashed';
  const answer = await (await ask('/delay/0?job=1', { method: 'POST', body })).json();
  const expected = crc32(body).toString(16).padStart(8, '0');
  assert.deepEqual(answer, { job: 1, delayMs: 0, sizeBytes: 15, crc32: expected });
});

test('it counts requests, the peak in flight and the connections that carried them', async () => {
  // A busy machine sends so slowly that the first answers come before the last requests: then they are held longer.
  for (let holdMs = 40; ; holdMs *= 4) {
    await ask('/stats', { method: 'DELETE' });
    await Promise.all(
      Array.from({ length: 25 }, (_, job) => ask(`/delay/${holdMs}?job=${job}`).then((it) => it.text())),
    );
    const stats = await askStats();
    assert.equal(stats.requests, 25);
    assert.ok(stats.peakInFlight <= 25 && stats.connections.used <= 25);
    assert.equal(stats.inFlight, 0);
    assert.ok(stats.holdErrorMs.p50 >= 0 && stats.holdErrorMs.max >= stats.holdErrorMs.p99);
    if (stats.peakInFlight < 25 && holdMs < 10_000) continue;
    assert.equal(stats.peakInFlight, 25);
    assert.equal(stats.connections.used, 25);
    return;
  }
});

/** The time until this many connections at once are answered, in ms. */
async function burstMs(connections: number): Promise<number> {
  const sockets = Array.from({ length: connections }, () => connect(server.port, '127.0.0.1'));
  const sentMs = performance.now();
  await Promise.all(
    sockets.map(async (socket, job) => {
      socket.write(`GET /delay/50?job=${job} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      const [answer] = await once(socket, 'data');
      assert.match(String(answer), /^HTTP\/1.1 200/);
    }),
  );
  for (const socket of sockets) socket.destroy();
  return performance.now() - sentMs;
}

test('a thousand connections at once are all answered within the second that a lost SYN would cost', async () => {
  const tookMs: number[] = [];
  // A lost SYN costs that second each time; a busy machine, now and then.
  while (tookMs.length < 10 && !tookMs.some((ms) => ms < 1050)) tookMs.push(await burstMs(1000));
  assert.ok((await askStats()).peakInFlight > 0);
  assert.ok(Math.min(...tookMs) < 1050, `${tookMs.map((ms) => ms.toFixed(0)).join(', ')} ms`);
});

test('a client that leaves is no longer in flight', async () => {
  const leaving = new AbortController();
  const request = ask('/delay/5000', { signal: leaving.signal });
  while ((await askStats()).inFlight === 0) await wait(1);
  leaving.abort();
  await assert.rejects(request);
  while ((await askStats()).inFlight > 0) await wait(1);
  const stats = await askStats();
  assert.equal(stats.aborted, 1);
  assert.equal((await askTrace())[0]!.releasedMs, null);
});

test('it refuses with one sentence that names the parameter', async () => {
  for (const [path, parameter] of [
    ['/delay/-1', 'ms'],
    ['/delay/1e9', 'ms'],
    ['/delay/NaN', 'ms'],
    ['/delay/abc', 'ms'],
    ['/delay/Infinity', 'ms'],
    ['/delay/1?job=-1', 'job'],
    ['/delay/1?job=x', 'job'],
    [`/delay/1?run=${'x'.repeat(301)}`, 'run'],
  ]) {
    const response = await ask(path!);
    assert.equal(response.status, 400, path);
    assert.match(
      ((await response.json()) as { error: string }).error,
      new RegExp(`^${parameter} .*\\.$`),
      path,
    );
  }
  assert.equal((await askStats()).requests, 0);
});

test('an unknown route and a body that is too large are told apart', async () => {
  const unknown = await ask('/delays/1');
  assert.equal(unknown.status, 404);
  assert.match(((await unknown.json()) as { error: string }).error, /^There is no GET \/delays\/1 here/);
  const large = await ask('/delay/0', { method: 'POST', body: 'x'.repeat(1024 * 1024 + 1) });
  assert.equal(large.status, 413);
});
