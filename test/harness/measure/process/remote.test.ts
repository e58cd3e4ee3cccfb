import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { checkRemoteTarget, suitsRemote } from '../../../../harness/measure/process/remote.ts';
import { startServer } from '../../../../server/latency/server.ts';
import { VERSION } from '../../../../server/latency/version.ts';

/** What a server that answers every request alike is told. */
async function refusalOf(answer: object): Promise<string> {
  const server = createServer((_request, response) => response.end(JSON.stringify(answer)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  try {
    await checkRemoteTarget(`http://127.0.0.1:${port}`);
    return '';
  } catch (error) {
    return (error as Error).message;
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('a latency server of this release is taken, with the settings that it tells', async () => {
  for (const settings of [{}, { capacity: 20, size: 100_000, distribution: 'uniform', jitter: 0 } as const]) {
    const server = await startServer(settings);
    try {
      assert.deepEqual(await checkRemoteTarget(`${server.origin}/`), {
        origin: server.origin,
        version: VERSION,
        settings,
      });
    } finally {
      await server.close(0);
    }
  }
});

test('a proxy is for another machine alone', async () => {
  for (const url of ['http://127.0.0.1:8000', 'http://localhost:8000', 'http://[::1]:8000'])
    await assert.rejects(checkRemoteTarget(url, { keepProxy: true }), {
      message: `--keep-proxy is for a --target on another machine; ${url} is this one.`,
    });
});

test('another release, a busy one and something else are refused, each with its reason', async () => {
  assert.match(await refusalOf({}), /cannot be measured against: it is release unknown and this is /);
  assert.match(await refusalOf({ version: '0.0.1', inFlight: 0 }), /it is release 0\.0\.1 and this is /);
  assert.match(await refusalOf({ version: VERSION, inFlight: 3 }), /3 requests of somebody else in flight/);
  assert.match(await refusalOf({ version: VERSION, inFlight: 0, requests: [] }), /it saw 0 of 20 requests/);
});

test('a server that is not there, and what is no address, are refused in one sentence', async () => {
  await assert.rejects(checkRemoteTarget('http://127.0.0.1:1'), /cannot be measured against: .*ECONNREFUSED/);
  for (const url of [
    'nonsense',
    'https://127.0.0.1:8000',
    'http://127.0.0.1:8000/delay/1',
    'http://me@127.0.0.1',
  ])
    await assert.rejects(checkRemoteTarget(url), /--target must be the address of a latency server/);
});

test('only work for a server as it is can be measured elsewhere', () => {
  assert.equal(suitsRemote({ server: {} }), true);
  assert.equal(suitsRemote({ server: { capacity: 10 } }), false);
  assert.equal(suitsRemote({ http: {}, tls: { protocol: 'https' } }), false);
});
