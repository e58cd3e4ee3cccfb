import '../../../harness/measure/conduct/own-fetch.ts';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { gotClient } from '../../../benchmarks/clients/http/got.ts';
import { nodeHttp, nodeHttpClosing } from '../../../benchmarks/clients/http/node.ts';
import { clientCrawls } from '../../../benchmarks/clients/http-client-crawl.ts';
import clients from '../../../benchmarks/clients.ts';
import { defaultsOf } from '../../../benchmarks/probes/http-client-defaults.ts';
import { startServer } from '../../../server/latency/server.ts';

let server: Awaited<ReturnType<typeof startServer>>;
before(async () => {
  server = await startServer({});
});
after(() => server.close());

for (const variant of clients.variants(clients.profiles.smoke!))
  test(`${variant.id}: what the server refuses is an error, and so is a server that is gone`, async () => {
    const target = { origin: server.origin, certificate: null, run: 'test' };
    const batch = await variant.open(target);
    await batch.close();
    const refused = clients.variants({ ...clients.profiles.smoke!, delaysMs: [-1] });
    const same = refused.find(({ id }) => id === variant.id)!;
    const wrong = await same.open(target);
    await assert.rejects(wrong.jobs[0]!.send(), /400/);
    await wrong.close();
  });

test('a client that goes wrong by itself fails its own batch, and no other one', async () => {
  const broken = {
    ...nodeHttp,
    id: 'broken',
    getByDefault: async () => Promise.reject(new Error('out of luck')),
  };
  const openBatch = clientCrawls([nodeHttp, broken]);
  const target = { origin: server.origin, certificate: null, run: 'test' };
  const crawl = { requests: 1, delayMs: 1, connections: 1 };
  const batch = await openBatch(target, nodeHttp, crawl);
  await batch.close();
  await assert.rejects(openBatch(target, broken, crawl), { message: 'out of luck' });
});

test('defaults are what a server sees: kept connections, closed ones, and tries', async () => {
  assert.deepEqual(await defaultsOf(nodeHttp), {
    socketsByDefault: 30,
    reopenedByDefault: 0,
    triesByDefault: 1,
  });
  assert.deepEqual(await defaultsOf(nodeHttpClosing), {
    socketsByDefault: 30,
    reopenedByDefault: 30,
    triesByDefault: 1,
  });
  assert.equal((await defaultsOf(gotClient)).triesByDefault, 3);
});
