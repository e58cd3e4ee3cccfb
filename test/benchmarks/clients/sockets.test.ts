import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { test } from 'node:test';
import { openSockets } from '../../../benchmarks/clients/sockets.ts';
import { startServer } from '../../../server/latency/server.ts';

/** A server that sends these pieces in place of an answer, one turn of the loop after the other. */
async function scripted(answer: (path: string) => readonly string[]) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('data', async (data) => {
      const path = String(data).split(' ')[1]!;
      for (const piece of answer(path)) {
        if (piece === 'close') socket.destroy();
        else socket.write(piece);
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const close = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { origin: `http://127.0.0.1:${port}`, close };
}

const whole = (text: string) =>
  `HTTP/1.1 200 OK\r\nContent-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;

test('more requests than connections are all answered, over these connections alone', async () => {
  const server = await startServer({});
  const sockets = await openSockets(server.origin, 2);
  const { get } = sockets;
  const answers = await Promise.all([0, 1, 2, 3, 4].map((job) => get(`/delay/1?job=${job}`)));
  assert.deepEqual(
    answers.map((text) => JSON.parse(text).job),
    [0, 1, 2, 3, 4],
  );
  const stats = JSON.parse(await get('/stats'));
  assert.equal(stats.connections.used, 2);
  sockets.close();
  await server.close();
});

test('an answer that comes in pieces is put together', async () => {
  const server = await scripted((path) =>
    path === '/delay/1' ? [whole('')] : ['HTTP/1.1 200 OK\r\ncontent-', 'length: 5\r\n\r', '\nhe', 'llo'],
  );
  const sockets = await openSockets(server.origin, 1);
  assert.equal(await sockets.get('/x'), 'hello');
  sockets.close();
  server.close();
});

test('another status and a connection that ends are errors of their own request', async () => {
  const server = await scripted((path) => {
    if (path === '/delay/1') return [whole('')];
    return path === '/refused' ? ['HTTP/1.1 503 No\r\nContent-Length: 2\r\n\r\nno'] : ['close'];
  });
  const sockets = await openSockets(server.origin, 2);
  await assert.rejects(sockets.get('/refused'), /The target answered 503: no/);
  await assert.rejects(sockets.get('/gone'), /The target closed the connection/);
  sockets.close();
  server.close();
});

test('where a connection cannot be opened none is left', async () => {
  const server = await scripted(() => ['close']);
  await assert.rejects(openSockets(server.origin, 3), /The target closed the connection/);
  server.close();
});

test('closing ends what waits, with the reason', async () => {
  const server = await scripted((path) => (path === '/delay/1' ? [whole('')] : []));
  const sockets = await openSockets(server.origin, 1);
  const waiting = [sockets.get('/a'), sockets.get('/b')];
  sockets.close(new Error('Enough.'));
  for (const one of waiting) await assert.rejects(one, /^Error: Enough\.$/);
  server.close();
});
