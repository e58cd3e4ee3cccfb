import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { HttpClient } from '../clients/http-client.ts';

const REQUESTS = 30;
const HOLD_MS = 50;
/** A pause long enough for all connections to be free again. */
const PAUSE_MS = 30;
const PATIENCE_MS = 3000;

/**
 * The defaults of a library, seen from a server in this process: the connections that 30 requests at once open
 * (`socketsByDefault`), the connections that 30 more open after them (`reopenedByDefault`), and the attempts of a request
 * that is answered 503 (`triesByDefault`).
 */
export async function defaultsOf({ getByDefault }: HttpClient): Promise<Readonly<Record<string, number>>> {
  let connections = 0;
  let tries = 0;
  const server = createServer((request, response) => {
    if (request.url === '/failing') {
      tries += 1;
      // Without this header, clients would wait for seconds.
      response.writeHead(503, { 'retry-after': '0' }).end();
    } else setTimeout(() => response.end('held'), HOLD_MS);
  });
  server.on('connection', () => {
    connections += 1;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const wave = () => Promise.all(Array.from({ length: REQUESTS }, () => getByDefault(`${origin}/`)));
  try {
    await wave();
    const socketsByDefault = connections;
    await wait(PAUSE_MS);
    await wave();
    const reopenedByDefault = connections - socketsByDefault;
    const failing = getByDefault(`${origin}/failing`).catch(() => {});
    await Promise.race([failing, wait(PATIENCE_MS, undefined, { ref: false })]);
    return { socketsByDefault, reopenedByDefault, triesByDefault: tries };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
