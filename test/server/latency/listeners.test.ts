import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, request } from 'undici';
import type { Stats } from '../../../server/latency/observations.ts';
import { PROTOCOLS } from '../../../server/latency/parameters.ts';
import { startServer } from '../../../server/latency/server.ts';

type Protocol = (typeof PROTOCOLS)[number];
/** Longer than any answer here takes, so that what hangs fails instead. */
const PATIENCE_MS = 10_000;

/** Why a server cannot listen at an address here, or false. */
async function whyNot(address: string): Promise<string | false> {
  const server = createServer().listen(0, address);
  try {
    await once(server, 'listening');
    return false;
  } catch (error) {
    return `nothing can listen at ${address} here: ${(error as Error).message}`;
  } finally {
    server.close();
  }
}

/** A server at both addresses, whatever this machine's hosts file says of localhost, and what asks it at either. */
async function startTwice(context: TestContext, protocol: Protocol, addresses: readonly string[]) {
  const server = await startServer({ host: 'localhost', protocol }, async () => addresses);
  const agents: Agent[] = [];
  const agentFor = () => {
    const connect = { ca: server.certificate ?? undefined, timeout: PATIENCE_MS };
    agents.push(
      new Agent({
        allowH2: protocol === 'http2',
        connect,
        headersTimeout: PATIENCE_MS,
        bodyTimeout: PATIENCE_MS,
      }),
    );
    return agents.at(-1)!;
  };
  context.after(async () => {
    await Promise.all(agents.map((agent) => agent.destroy()));
    await server.close(0);
  });
  const scheme = protocol === 'http' ? 'http' : 'https';
  /** Over a connection of its own, unless it gets an agent. */
  const ask = async (address: string, path: string, dispatcher = agentFor()) => {
    const host = address.includes(':') ? `[${address}]` : address;
    const { body } = await request(`${scheme}://${host}:${server.port}${path}`, { dispatcher });
    return body.json();
  };
  const asking = agentFor();
  const stats = () => ask(addresses[0]!, '/stats', asking) as Promise<Stats>;
  return { server, ask, stats };
}

const both = ['127.0.0.1', '::1'];
const noIpv6 = await whyNot('::1');

for (const protocol of PROTOCOLS) {
  test(`${protocol}: connections are counted alike at both addresses of a name`, {
    skip: noIpv6,
  }, async (context) => {
    const { ask, stats } = await startTwice(context, protocol, both);
    const { connections: before } = await stats();
    for (const address of both) await ask(address, '/delay/0');
    const { connections, requests } = await stats();
    assert.deepEqual([requests, connections.used, connections.opened - before.opened], [2, 2, 2]);
  });

  test(`${protocol}: faults end a connection at both addresses`, { skip: noIpv6 }, async (context) => {
    const { ask, stats } = await startTwice(context, protocol, both);
    for (const fault of ['reset', 'truncate'])
      for (const address of both)
        await assert.rejects(
          ask(address, `/delay/0?size=1000&fault=${fault}`),
          ({ code }: NodeJS.ErrnoException) => !/TIMEOUT/.test(code ?? ''),
        );
    assert.deepEqual((await stats()).faults, { reset: 2, truncate: 2 });
  });

  test(`${protocol}: closing finishes what is held at both addresses, then is gone`, {
    skip: noIpv6,
  }, async (context) => {
    const { server, ask, stats } = await startTwice(context, protocol, both);
    const held = both.map((address) => ask(address, '/delay/300?job=1'));
    while ((await stats()).inFlight < 2) await wait(1);
    const closing = server.close(PATIENCE_MS);
    for (const answer of held) assert.deepEqual(await answer, { job: 1, delayMs: 300 });
    await closing;
    for (const address of both)
      await assert.rejects(
        ask(address, '/delay/0'),
        ({ code }: NodeJS.ErrnoException) => code === 'ECONNREFUSED',
      );
  });

  test(`${protocol}: after the grace period both addresses reset what is held`, {
    skip: noIpv6,
  }, async (context) => {
    const { server, ask, stats } = await startTwice(context, protocol, both);
    const held = both.map((address) => ask(address, '/delay/60000'));
    const failed = held.map((answer) => assert.rejects(answer));
    while ((await stats()).inFlight < 2) await wait(1);
    await server.close(50);
    await Promise.all(failed);
  });
}

test('one port of a client may lead to two addresses', {
  skip: await whyNot('127.0.0.2'),
}, async (context) => {
  const addresses = ['127.0.0.1', '127.0.0.2'];
  const { server, stats } = await startTwice(context, 'http', addresses);
  const spare = createServer().listen(0, '127.0.0.1');
  await once(spare, 'listening');
  const { port: localPort } = spare.address() as { port: number };
  spare.close();
  await once(spare, 'close');
  for (const host of addresses) {
    const socket = connect({ host, port: server.port, localAddress: '127.0.0.1', localPort });
    context.after(() => socket.destroy());
    socket.write('GET /delay/0 HTTP/1.1\r\nhost: x\r\n\r\n');
    await once(socket, 'data');
  }
  const { connections } = await stats();
  assert.deepEqual([connections.used, connections.open], [2, 3]);
});

test('an address of a name that this machine has not is left out', async (context) => {
  // Reserved for documentation, so that no machine has it.
  const { ask, server } = await startTwice(context, 'http', ['192.0.2.1', '127.0.0.1']);
  assert.deepEqual(await ask('127.0.0.1', '/delay/0?job=1'), { job: 1, delayMs: 0 });
  assert.deepEqual(
    server.warnings.filter((warning) => /any client that reaches/.test(warning)),
    [],
  );
});

test('a port that is taken at one of the addresses is refused', { skip: noIpv6 }, async (context) => {
  const other = createServer().listen(0, '::1');
  await once(other, 'listening');
  context.after(() => other.close());
  const { port } = other.address() as { port: number };
  await assert.rejects(
    startServer({ host: 'localhost', port }, async () => both),
    /EADDRINUSE.*::1/,
  );
});
