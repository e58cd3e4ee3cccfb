import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** The start data of the thread. */
export interface VisitorSettings {
  readonly origin: string;
  readonly visitors: number;
}

/** A server in this process, and visitors in another thread, which wait for this thread's event loop. */
export interface Visitors {
  start(): void;
  /** Ends the visits; resolves to the latency of each, in ms. */
  stop(): Promise<readonly number[]>;
  close(): Promise<void>;
}

/**
 * Starts both; each visitor sends its next request as soon as the previous one is answered.
 *
 * @param delayMs how long the server waits before it answers
 */
export async function openVisitors(visitors: number, delayMs: number): Promise<Visitors> {
  let answered = 0;
  const server = createServer((_request, response) => {
    setTimeout(() => {
      answered += 1;
      response.end('ok');
    }, delayMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const settings: VisitorSettings = { origin: `http://127.0.0.1:${port}`, visitors };
  const thread = new Worker(join(import.meta.dirname, 'visitors-thread.ts'), { workerData: settings });
  await once(thread, 'message');
  answered = 0;
  return {
    start: () => thread.postMessage('start'),
    async stop() {
      thread.postMessage('stop');
      const [latenciesMs] = (await once(thread, 'message')) as [number[]];
      if (latenciesMs.length !== answered)
        throw new Error(`${latenciesMs.length} visits ended, and the server answered ${answered}.`);
      return latenciesMs;
    },
    async close() {
      await thread.terminate();
      server.close();
      server.closeAllConnections();
    },
  };
}
