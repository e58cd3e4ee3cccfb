import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { request } from 'undici';
import { startServer } from '../../../server/latency/server.ts';
import openWitness from '../../../server/latency/witness.ts';

test('the witness tells what the server saw since it was told to forget', async () => {
  const server = await startServer();
  try {
    const witness = openWitness(server);
    const ask = async (path: string) => (await request(`${server.origin}${path}`)).body.text();
    await ask('/delay/0?job=9&run=before');
    await witness.forget();
    await Promise.all([ask('/delay/20?job=0&run=crawl'), ask('/delay/20?job=1&run=crawl')]);
    const { requests, peakInFlight, connections, timeOriginMs } = await witness.evidence();
    assert.deepEqual(requests.map(({ job }) => job).sort(), [0, 1]);
    assert.ok(requests.every(({ run }) => run === 'crawl'));
    for (const { startedMs, releasedMs } of requests) assert.ok(releasedMs! - startedMs! >= 20);
    assert.ok(peakInFlight! >= 1 && peakInFlight! <= 2);
    assert.ok(connections.used >= 1 && connections.used <= 2);
    assert.ok(Math.abs(timeOriginMs + requests[0]!.arrivedMs - Date.now()) < 60_000);
  } finally {
    await server.close(0);
  }
});

test('the witness counts requests in flight, over a connection outside the sample', async () => {
  const server = await startServer();
  try {
    const witness = openWitness(server);
    await witness.forget();
    assert.equal(await witness.inFlight(), 0);
    const cut = new AbortController();
    const held = request(`${server.origin}/delay/60000`, { signal: cut.signal });
    while ((await witness.inFlight()) === 0) await wait(5);
    const { requests, connections } = await witness.evidence();
    assert.deepEqual([requests.length, requests[0]!.releasedMs, connections.used], [1, null, 1]);
    cut.abort(new Error('enough'));
    await assert.rejects(held, { message: 'enough' });
  } finally {
    await server.close(0);
  }
});

for (const [what, status, answer, sentence] of [
  ['does not answer as it should', 404, {}, 'The target answered 404 to GET /stats.'],
  [
    'has forgotten a part of the sample',
    200,
    { forgotten: 100_000, requests: [{}, {}] },
    'The target kept 2 of 100002 requests, too few to check the sample; let it have fewer jobs.',
  ],
] as const)
  test(`a server that ${what} is no evidence`, async () => {
    const server = createServer((_request, response) => {
      response.writeHead(status).end(JSON.stringify(answer));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const witness = openWitness({ origin: `http://127.0.0.1:${port}`, certificate: null });
      await assert.rejects(witness.evidence(), { message: sentence });
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
