import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { afterEach, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import type { Stats } from '../../../server/latency/observations.ts';
import { type RunningServer, startServer } from '../../../server/latency/server.ts';

let server: RunningServer;
const start = async (options: Parameters<typeof startServer>[0]) => {
  server = await startServer(options);
};
afterEach(() => server.close(0));

const ask = (path: string, options?: RequestInit) => fetch(`${server.origin}${path}`, options);
const askStats = async () => (await (await ask('/stats')).json()) as Stats;

/** Everything that comes over a socket of its own, and the error that ended it. */
async function raw(path: string, { patienceMs = 2000 } = {}) {
  const socket = connect(server.port, '127.0.0.1');
  let text = '';
  let error: NodeJS.ErrnoException | null = null;
  socket.setTimeout(patienceMs, () => socket.destroy());
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', (cause) => {
    error = cause;
  });
  socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
  await new Promise((resolve) => socket.once('close', resolve));
  const [head = '', body = ''] = text.split('\r\n\r\n');
  return { head, body, code: (error as NodeJS.ErrnoException | null)?.code };
}

test('error: the status that was asked for', async () => {
  await start({ fault: 'error', status: 503 });
  assert.equal((await ask('/delay/0')).status, 503);
  assert.equal((await ask('/delay/5?status=418')).status, 418);
});

test('reset: a real RST, which the client sees as ECONNRESET', async () => {
  await start({});
  const { head, code } = await raw('/delay/5?fault=reset');
  assert.equal(head, '');
  assert.equal(code, 'ECONNRESET');
  assert.deepEqual((await askStats()).faults, { reset: 1 });
});

test('silence: headers, then nothing, in flight until the client gives up', async () => {
  await start({});
  const { head, body } = await raw('/delay/5?fault=silence', { patienceMs: 300 });
  assert.match(head, /^HTTP\/1.1 200/);
  assert.equal(body, '');
  while ((await askStats()).inFlight > 0) await wait(5);
  assert.equal((await askStats()).aborted, 1);
});

test('truncate: less than the length that was promised', async () => {
  await start({});
  const { head, body } = await raw('/delay/0?fault=truncate&size=1000');
  assert.match(head, /content-length: 1000/);
  assert.equal(body.length, 500);
});

test('slow: the body comes at the speed that was asked for', async () => {
  await start({});
  const startMs = performance.now();
  const text = await (await ask('/delay/0?fault=slow&size=400&bytesPerSecond=1000')).text();
  const tookMs = performance.now() - startMs;
  assert.equal(text.length, 400);
  assert.ok(tookMs >= 400 && tookMs < 1500, `${tookMs} ms`);
});

test('size: at least this many bytes, and still JSON', async () => {
  await start({ size: 5000 });
  const text = await (await ask('/delay/0?job=3')).text();
  assert.equal(text.length, 5000);
  assert.deepEqual(JSON.parse(text), { job: 3, delayMs: 0 });
});

test('same seed, same latencies and faults, twice and in any order', async () => {
  const draw = async (jobs: readonly number[]) => {
    await start({ seed: 42, distribution: 'exponential', fault: 'error:0.5' });
    const answers = await Promise.all(
      jobs.map(async (job) => {
        const response = await ask(`/delay/2?job=${job}`);
        return [job, response.status, await response.text()] as const;
      }),
    );
    await server.close(0);
    return answers.sort(([one], [other]) => one - other);
  };
  const jobs = Array.from({ length: 60 }, (_, job) => job);
  const first = await draw(jobs);
  assert.ok(new Set(first.map(([, status]) => status)).size === 2);
  assert.deepEqual(await draw(jobs.toReversed()), first);
});

test('capacity: N at once, a queue, then 503 with Retry-After', async () => {
  await start({ capacity: 2, queue: 3 });
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask('/delay/50')));
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 503, 503, 503]);
  const refused = answers.find(({ status }) => status === 503)!;
  assert.equal(refused.headers.get('retry-after'), '1');
  assert.match(
    ((await refused.json()) as { error: string }).error,
    /^All 2 places and the queue of 3 are taken\.$/,
  );
  const stats = await askStats();
  assert.equal(stats.rejected.queueFull, 3);
  assert.equal(stats.requests, 5);
  assert.equal(stats.peakInFlight, 5);
});

test('a request that leaves the queue makes room, and is not served', async () => {
  await start({ capacity: 1, queue: 1 });
  const first = ask('/delay/100');
  while ((await askStats()).inFlight < 1) await wait(1);
  const leaving = new AbortController();
  const second = ask('/delay/100', { signal: leaving.signal });
  while ((await askStats()).queued < 1) await wait(1);
  leaving.abort();
  await assert.rejects(second);
  while ((await askStats()).queued > 0) await wait(1);
  const third = ask('/delay/0');
  assert.equal((await first).status, 200);
  assert.equal((await third).status, 200);
  assert.equal((await askStats()).inFlight, 0);
});

test('rate: 429 with Retry-After beyond the burst', async () => {
  await start({ rate: 5, burst: 3 });
  const answers = await Promise.all(Array.from({ length: 6 }, () => ask('/delay/0')));
  assert.equal(answers.filter(({ status }) => status === 200).length, 3);
  const refused = answers.find(({ status }) => status === 429)!;
  assert.equal(refused.headers.get('retry-after'), '1');
  assert.ok(((await refused.json()) as { retryAfterMs: number }).retryAfterMs <= 200);
  await wait(250);
  assert.equal((await ask('/delay/0')).status, 200);
});

test("Little's law holds on the stats", async () => {
  await start({ capacity: 4, distribution: 'exponential', seed: 3 });
  await ask('/stats', { method: 'DELETE' });
  await Promise.all(
    Array.from({ length: 80 }, (_, job) => ask(`/delay/10?job=${job}`).then((it) => it.text())),
  );
  const { flow, inFlight, requests, released } = await askStats();
  assert.equal(inFlight, 0);
  assert.deepEqual([requests, released], [80, 80]);
  const expected = (flow.arrivalsPerSecond * flow.meanResidenceMs) / 1000;
  assert.ok(Math.abs(flow.meanInFlight / expected - 1) < 0.001, `${flow.meanInFlight} and ${expected}`);
  assert.ok(flow.meanInFlight > 4, 'most of them wait');
});

for (const [options, sentence] of [
  [{ capacity: 0 }, /^capacity must be >= 1\.$/],
  [{ port: 70_000 }, /^port must be <= 65535\.$/],
  [{ rate: 'fast' }, /^rate must be number\.$/],
  [{ distribution: 'cauchy' }, /^distribution must be one of fixed, uniform, /],
  [{ distribution: 'normal' }, /^deviation must be given with distribution=normal\.$/],
  [{ fault: 'crash' }, /^fault must be like reset:0\.1/],
  [{ queue: 5 }, /^queue goes with capacity\.$/],
  [{ burst: 5 }, /^burst goes with rate\.$/],
  [{ color: 'red' }, /^color is not a parameter here; /],
] as const)
  test(`a start with ${JSON.stringify(options)} is refused in one sentence`, async () => {
    await start({});
    await assert.rejects(startServer(options as never), { message: sentence });
  });
