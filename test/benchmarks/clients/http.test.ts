import '../../../harness/measure/conduct/own-fetch.ts';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findHttpClients } from '../../../benchmarks/clients/find-http-clients.ts';
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

const scratch = mkdtempSync(join(tmpdir(), 'overlap-clients-'));
after(() => rmSync(scratch, { recursive: true }));
const client = (id: string) => `{ id: '${id}', open() {}, async getByDefault() {} }`;

test('a client is a file of the folder, after those that come first, and a file without clients is told', async () => {
  const files = {
    'another.js': `export default [${client('another')}];`,
    'node.ts': `export default [${client('node one')}, ${client('node two')}];`,
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(scratch, name), text);
  const found = await findHttpClients(scratch);
  assert.deepEqual(
    found.map(({ id }) => id),
    ['node one', 'node two', 'another'],
  );
  for (const wrong of [
    `export default ${client('alone')};`,
    'export default [];',
    "export default [{ id: 'a' }];",
  ]) {
    const folder = mkdtempSync(join(scratch, 'wrong-'));
    writeFileSync(join(folder, 'wrong.ts'), wrong);
    await assert.rejects(
      findHttpClients(folder),
      /^Error: \S+wrong\.ts has no list of HTTP clients as its default export; each has id, open and getByDefault\.$/,
    );
  }
});

test('the rows of clients stay in their order', () => {
  const ids = clients.variants(clients.profiles.smoke!).map(({ id }) => id);
  const known = [
    ...['undici request', 'undici stream', 'undici pipeline', 'undici dispatch', 'undici fetch'],
    ...['fetch of Node', 'node:http', 'node:http, closing', 'axios', 'got', 'ky', 'node-fetch'],
  ];
  assert.deepEqual(
    ids.filter((id) => known.includes(id)),
    known,
  );
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
