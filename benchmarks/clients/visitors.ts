import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { Kept } from './kept.ts';

/** Where visitors go, and how many there are. */
export interface VisitorSettings {
  readonly origin: string;
  readonly visitors: number;
}

/** A message to the thread. */
export type ToVisitors =
  | { readonly type: 'open' | 'start'; readonly settings: VisitorSettings }
  | { readonly type: 'stop' | 'close' };

/** A message from the thread: its connections are open, its visits have ended, or its connections are closed. */
export type FromVisitors =
  | { readonly type: 'ready' | 'closed' }
  | { readonly type: 'visited'; readonly latenciesMs: readonly number[] };

/** A server in this process, and visitors in another thread, which wait for this thread's event loop. */
export interface Visitors {
  start(): void;
  /** Ends the visits; resolves to the latency of each, in ms. */
  stop(): Promise<readonly number[]>;
  close(): Promise<void>;
}

/** Threads without visitors. */
const kept = new Kept<Worker>();

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
  const thread = await kept.take(
    visitors,
    async () => new Worker(join(import.meta.dirname, 'visitors-thread.ts')),
  );
  thread.ref();
  const tell = (message: ToVisitors) => thread.postMessage(message);
  const answer = async () => ((await once(thread, 'message')) as [FromVisitors])[0];
  tell({ type: 'open', settings });
  await answer();
  answered = 0;
  let visiting = false;
  return {
    start() {
      visiting = true;
      tell({ type: 'start', settings });
    },
    async stop() {
      tell({ type: 'stop' });
      const visits = await answer();
      visiting = false;
      const latenciesMs = visits.type === 'visited' ? visits.latenciesMs : [];
      if (latenciesMs.length !== answered)
        throw new Error(`${latenciesMs.length} visits ended, and the server answered ${answered}.`);
      return latenciesMs;
    },
    async close() {
      // After a failure visits go on; such a thread is not used again.
      if (visiting) await thread.terminate();
      else {
        tell({ type: 'close' });
        await answer();
        thread.unref();
        kept.giveBack(visitors, thread);
      }
      server.close();
      server.closeAllConnections();
    },
  };
}
