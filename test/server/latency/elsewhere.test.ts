import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { elsewhere } from '../../../server/latency/elsewhere.ts';
import { startServer } from '../../../server/latency/server.ts';
import { VERSION } from '../../../server/latency/version.ts';

/** What a server that answers every request alike is told. */
async function refusalOf(answer: object): Promise<string> {
  const server = createServer((_request, response) => response.end(JSON.stringify(answer)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await elsewhere.check(`http://127.0.0.1:${port}`);
    return '';
  } catch (error) {
    return (error as Error).message;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

for (const settings of [{}, { capacity: 20, size: 100_000, distribution: 'uniform', jitter: 0 } as const])
  test(`a latency server of this release is taken, with the settings ${JSON.stringify(settings)} that it tells`, async () => {
    const server = await startServer(settings);
    try {
      assert.equal(elsewhere.originOf(new URL(`${server.origin}/`)), server.origin);
      assert.deepEqual(await elsewhere.check(server.origin), { version: VERSION, settings });
    } finally {
      await server.close(0);
    }
  });

test('another release, a busy one and something else are refused, each with its reason', async () => {
  assert.match(await refusalOf({}), /^it is release unknown, and this is release /);
  assert.match(
    await refusalOf({ version: '0.0.1', inFlight: 0 }),
    /^it is release 0\.0\.1, and this is release /,
  );
  assert.match(await refusalOf({ version: VERSION, inFlight: 3 }), /3 requests of another client in flight/);
  assert.match(await refusalOf({ version: VERSION, inFlight: 0, requests: [] }), /it saw 0 of 20 requests/);
});
