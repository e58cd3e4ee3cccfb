import { Client } from 'undici';
import type { Callback } from '../../harness/model/job.ts';
import type { SampleTarget } from '../../harness/model/target.ts';
import { connectionOptions, exchangeOk, openConnections, type Request } from './exchange.ts';

/** undici's clients, of one connection each. */
export interface FreeClients {
  /** Sends a request over a free client, or over the next that becomes free; gives the body of an answer with status 200. */
  call(request: Request, done: Callback<string>): void;
  /** Aborts all requests with this reason, and closes the connections. */
  destroy(reason?: Error): Promise<void>;
}

/**
 * Opens clients of one connection each, with a request of `path`. They send sooner than undici's `Pool`, which holds a request back twice: until
 * the turn of the event loop in which the last answer came is over, and then for one more turn. In each turn, Node first
 * reads all answers that have arrived. A client that has its next request when an answer ends waits for one turn only.
 *
 * @throws if a connection cannot be opened; all are closed then
 */
export async function openFreeClients(
  target: SampleTarget,
  connections: number,
  path?: string,
): Promise<FreeClients> {
  const clients = Array.from(
    { length: connections },
    () => new Client(target.origin, connectionOptions(target)),
  );
  await openConnections(clients, path);
  const free = [...clients];
  const waiting: [request: Request, done: Callback<string>][] = [];
  const send = (client: Client, request: Request, done: Callback<string>) =>
    exchangeOk(client, request, (error, text) => {
      // Before `done`, which may send the next request.
      const next = waiting.shift();
      if (next === undefined) free.push(client);
      else send(client, ...next);
      done(error, text);
    });
  return {
    call(request, done) {
      const client = free.pop();
      if (client === undefined) waiting.push([request, done]);
      else send(client, request, done);
    },
    async destroy(reason = new Error('The clients were closed.')) {
      for (const [, done] of waiting.splice(0)) done(reason);
      await Promise.all(clients.map((client) => client.destroy(reason)));
    },
  };
}
