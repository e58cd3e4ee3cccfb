import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { createConnections } from '../../../server/latency/connections.ts';
import type { Stats } from '../../../server/latency/observations.ts';
import type { ServerOptions } from '../../../server/latency/parameters.ts';
import { createPlainConnections, type Patience } from '../../../server/latency/plain-connections.ts';
import { startServer } from '../../../server/latency/server.ts';
import type { Trace } from '../../../server/latency/trace.ts';

async function start(context: TestContext, options: ServerOptions = {}) {
  const server = await startServer(options);
  context.after(() => server.close(0));
  const ask = async <Body>(path: string) => (await fetch(`${server.origin}${path}`)).json() as Promise<Body>;
  return { ...server, ask };
}

const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nhost: x\r\n${headers}\r\n`;
const ending = get('/delay/0', 'connection: close\r\n');

async function sendPieces(socket: Socket, pieces: readonly string[]): Promise<void> {
  for (const [index, piece] of pieces.entries()) {
    // So that the server reads them one by one.
    if (index > 0) await wait(20);
    socket.write(piece);
  }
}

/** All that a connection answers until it closes. */
async function answersOf(port: number, pieces: readonly string[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let text = '';
  socket.on('data', (data) => {
    text += data;
  });
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  await sendPieces(socket, pieces);
  await closed;
  return text;
}

/** One answer, without what differs from one to the next. */
async function answerTo(port: number, pieces: readonly string[]): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let text = '';
  const isWhole = () => {
    const [head, body] = text.split('\r\n\r\n');
    return body !== undefined && body.length >= Number(/content-length: (\d+)/i.exec(head!)?.[1]);
  };
  await sendPieces(socket, pieces);
  for await (const data of socket) {
    text += data;
    if (isWhole()) break;
  }
  return text.replace(/\r\nDate: [^\r]+ GMT/, '\r\nDate: now').replaceAll(/\d{9,}/g, 'long');
}

const request = fc
  .tuple(
    fc.constantFrom(
      '/delay/0',
      '/delay/3.5?job=17',
      '/delay/1?job=17&run=crawl%2Fserial%2F1',
      '/delay/1?job=x',
      '/delay/600001',
      '/delay/1?run=a&job=1',
      '/delay/0?size=100',
      '/delays',
    ),
    fc.constantFrom(
      '',
      'connection: keep-alive\r\n',
      'Connection: Keep-Alive\r\nAccept: */*\r\nUser-Agent: me\r\n',
      'connection: close\r\n',
      'x y: 1\r\n',
      'x: 1\r\n 2\r\n',
      'content-length: 0\r\n',
    ),
  )
  .map(([path, header]) => get(path, header));

for (const [what, options, before] of [
  ['a server', {}, ''],
  ['a server that is full', { capacity: 1, queue: 0 }, get('/delay/600000')],
  ['a server at its rate limit', { rate: 5e-9, burst: 1 }, get('/delay/0')],
] as const)
  test(`${what} answers plain requests as it answers by Node, byte by byte`, async (context) => {
    const { port } = await start(context, options);
    const first = connect(port, '127.0.0.1');
    context.after(() => first.destroy());
    first.write(before);
    await wait(50);
    await fc.assert(
      fc.asyncProperty(request, async (text) => {
        const plain = await answerTo(port, [text]);
        // A request whose first line comes in two pieces goes to Node.
        assert.equal(plain, await answerTo(port, [text.slice(0, 10), text.slice(10)]));
      }),
      { numRuns: 100, seed: 3 },
    );
  });

test('requests that came together are held at once, and answered in their order', async (context) => {
  const { port, ask } = await start(context);
  const text = await answersOf(port, [
    get('/delay/300?job=1') + get('/delay/1?job=2') + get('/delay/0?job=3'),
    get('/delay/0?job=4') + ending,
  ]);
  assert.deepEqual(
    [...text.matchAll(/"job":(\d)/g)].map(([, job]) => job),
    ['1', '2', '3', '4'],
  );
  const { requests } = await ask<Trace>('/trace');
  const [first, second] = requests;
  assert.ok(second!.releasedMs! < first!.releasedMs!);
});

test('what is not plain waits for the answers before it, and then Node goes on', async (context) => {
  const { port, ask } = await start(context);
  const post = 'POST /delay/0?job=2 HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\n\r\n';
  const text = await answersOf(port, [
    get('/delay/100?job=1') + post,
    'hello',
    get('/delay/0?job=3') + ending,
  ]);
  assert.deepEqual(
    [...text.matchAll(/"job":(\d)/g)].map(([, job]) => job),
    ['1', '2', '3'],
  );
  assert.match(text, /"sizeBytes":5/);
  assert.equal((await ask<Stats>('/stats')).connections.used, 1);
});

test('a client that sends no more is not waited for', async (context) => {
  const { port, ask } = await start(context);
  for (const text of [get('/delay/60000'), get('/delay/60000') + get('/stats')]) {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.end(text);
    socket.resume();
    await once(socket, 'end');
    socket.destroy();
  }
  while ((await ask<Stats>('/stats')).inFlight > 0) await wait(5);
  assert.equal((await ask<Stats>('/stats')).aborted, 2);
});

test('a client that reads late gets all answers whole', async (context) => {
  const { port } = await start(context, { size: 200_000 });
  const socket = connect(port, '127.0.0.1');
  const count = 100;
  socket.write(get('/delay/0').repeat(count) + ending);
  await wait(200);
  let text = '';
  for await (const data of socket) text += data;
  const bodies = text.split(/HTTP\/1\.1 200 OK[^{]+/).slice(1);
  assert.equal(bodies.length, count + 1);
  assert.deepEqual(new Set(bodies), new Set(['{"job":null,"delayMs":0}'.padEnd(200_000)]));
});

/** Connections whose requests are all held until they are released. */
async function holdAll(context: TestContext, patience: Patience, body = '{}') {
  const release: (() => void)[] = [];
  const route = Object.assign(
    (_request: object, exchange: { send(body: string): void }) =>
      void release.push(() => exchange.send(body)),
    { queued: () => 0, scheduler: null },
  );
  const connections = createConnections(false);
  const open = createPlainConnections(route, patience, {
    takeOver: (socket) => void socket.destroy(),
    timeOut: (socket) => void socket.end('408'),
  });
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.push(socket);
    open(socket, connections.add(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => {
    connections.resetAll();
    server.close();
  });
  const { port } = server.address() as { port: number };
  const openSocket = () => connect(port, '127.0.0.1').resume();
  return { release, sockets, openSocket };
}

test('a silent connection is closed, one with a held request is not', async (context) => {
  const { release, openSocket } = await holdAll(context, { firstRequestMs: 20, keepAliveMs: 20 });
  const silent = openSocket();
  const [told] = await once(silent, 'data');
  assert.equal(String(told), '408');
  await once(silent, 'close');
  const socket: Socket = openSocket();
  socket.write(get('/delay/1'));
  let closed = false;
  socket.once('close', () => {
    closed = true;
  });
  await wait(1300);
  assert.equal(closed, false);
  release[0]!();
  await once(socket, 'close');
});

test('what came after a held request is not handed over once its client has ended', async (context) => {
  const { release, sockets, openSocket } = await holdAll(context, {
    firstRequestMs: 5000,
    keepAliveMs: 5000,
  });
  const socket = openSocket();
  socket.write(get('/delay/1') + get('/stats'));
  while (release.length === 0) await wait(1);
  let handled = false;
  // After the end was seen, and before the socket is closed.
  sockets[0]!.once('end', () => {
    release[0]!();
    handled = !sockets[0]!.destroyed;
  });
  socket.end();
  await once(socket, 'close');
  assert.ok(handled);
});

test('a connection has at most a thousand requests that wait, and later ones get their turn', async (context) => {
  const { release, openSocket } = await holdAll(context, { firstRequestMs: 5000, keepAliveMs: 5000 });
  const socket = openSocket();
  context.after(() => socket.destroy());
  const seen = async (count: number) => {
    for (let tries = 0; tries < 1000 && release.length < count; tries++) await wait(1);
    assert.equal(release.length, count);
  };
  for (let count = 100; count <= 1000; count += 100) {
    socket.write(get('/delay/1').repeat(100));
    await seen(count);
  }
  socket.write(get('/delay/1').repeat(100));
  await wait(50);
  await seen(1000);
  for (let next = 0; next < 100; next++) {
    release[next]!();
    await seen(1001 + next);
  }
});

test('a connection whose client does not read is not read from', async (context) => {
  const patience = { firstRequestMs: 5000, keepAliveMs: 5000 };
  const { release, sockets, openSocket } = await holdAll(context, patience, '{}'.padEnd(10_000_000));
  const socket = openSocket().pause();
  context.after(() => socket.destroy());
  socket.write(get('/delay/1'));
  for (let tries = 0; tries < 1000 && release.length === 0; tries++) await wait(1);
  release[0]!();
  assert.ok(sockets[0]!.writableNeedDrain);
  socket.write(get('/delay/1'));
  await wait(50);
  assert.equal(release.length, 1);
  socket.resume();
  for (let tries = 0; tries < 1000 && release.length === 1; tries++) await wait(1);
  assert.equal(release.length, 2);
});
