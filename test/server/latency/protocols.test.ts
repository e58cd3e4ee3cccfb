import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect as connectHttp2 } from 'node:http2';
import { test } from 'node:test';
import { Agent, request } from 'undici';
import type { Stats } from '../../../server/latency/observations.ts';
import { startServer } from '../../../server/latency/server.ts';

test('TLS: a client that trusts the certificate is answered, one that does not is not', async () => {
  const server = await startServer({ protocol: 'https' });
  const dispatcher = new Agent({ connect: { ca: server.certificate! } });
  const { statusCode, body } = await request(`${server.origin}/delay/5?job=1`, { dispatcher });
  assert.equal(statusCode, 200);
  assert.deepEqual(await body.json(), { job: 1, delayMs: 5 });
  await assert.rejects(fetch(`${server.origin}/delay/0`));
  await assert.rejects(
    request(`${server.origin}/delay/5?fault=reset`, { dispatcher }),
    (error: NodeJS.ErrnoException) => ['ECONNRESET', 'UND_ERR_SOCKET'].includes(error.code ?? ''),
  );
  await dispatcher.destroy();
  await server.close(0);
});

test('each start makes another certificate', async () => {
  const [one, other] = await Promise.all([
    startServer({ protocol: 'https' }),
    startServer({ protocol: 'http2' }),
  ]);
  assert.notEqual(one.certificate, other.certificate);
  await Promise.all([one.close(0), other.close(0)]);
});

test('HTTP/2: many requests at once over one connection, which the stats tell', async () => {
  const server = await startServer({ protocol: 'http2' });
  const session = connectHttp2(server.origin, { ca: server.certificate! });
  const get = async (path: string) => {
    const stream = session.request({ ':path': path });
    let text = '';
    for await (const chunk of stream) text += chunk;
    return JSON.parse(text);
  };
  const answers = await Promise.all(Array.from({ length: 50 }, (_, job) => get(`/delay/40?job=${job}`)));
  assert.deepEqual(
    answers.map(({ job }) => job),
    Array.from({ length: 50 }, (_, job) => job),
  );
  const stats: Stats = await get('/stats');
  assert.equal(stats.peakInFlight, 50);
  assert.equal(stats.connections.used, 1);
  assert.equal(stats.connections.reused, 49);
  session.close();
  await once(session, 'close');
  await server.close(0);
});

test('HTTP/2: a slow, a truncated and a reset answer', async () => {
  const server = await startServer({ protocol: 'http2' });
  const get = async (path: string) => {
    const session = connectHttp2(server.origin, { ca: server.certificate! });
    session.on('error', () => {});
    const stream = session.request({ ':path': path });
    let bytes = 0;
    let failed = false;
    try {
      for await (const chunk of stream) bytes += chunk.length;
    } catch {
      failed = true;
    }
    session.destroy();
    return { bytes, failed };
  };
  assert.deepEqual(await get('/delay/0?fault=slow&size=100&bytesPerSecond=1000'), {
    bytes: 100,
    failed: false,
  });
  const truncated = await get('/delay/0?fault=truncate&size=1000');
  assert.ok(truncated.failed && truncated.bytes <= 500);
  assert.deepEqual(await get('/delay/0?fault=reset'), { bytes: 0, failed: true });
  await server.close(0);
});
