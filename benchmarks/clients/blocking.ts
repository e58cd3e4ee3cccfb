import { once } from 'node:events';
import { join } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { ComputeSpan } from '../../harness/model/job.ts';

/** The start data of a thread. */
export interface BlockingSettings {
  /** The port for calls. */
  readonly calls: MessagePort;
  /** One number: 0 while the thread waits for an answer, 1 when the answer has arrived. */
  readonly answered: Int32Array;
}

/** A task for a thread, in synchronous code. */
export interface BlockingTask {
  readonly job: number;
  /** The paths to fetch in sequence. */
  readonly paths: readonly string[];
  /** The CPU work after that, in steps of `compute/cpu.ts`. */
  readonly steps: number;
}

/** The results; times in ms since 1970, the same clock in all threads. */
export interface BlockingDone {
  readonly text: string;
  readonly compute: { readonly fromMs: number; readonly toMs: number } | null;
}

/** Threads with blocking calls: their code waits in `Atomics.wait` until this thread's event loop has the answer. */
export interface BlockingThreads {
  run(task: BlockingTask): Promise<string>;
  /** The mean memory of a thread. */
  readonly memoryPerThreadBytes: number;
  readonly computeSpans: ComputeSpan[];
  close(): Promise<void>;
}

/**
 * Starts threads. Each task occupies a thread until it ends. Node has nothing closer to gevent, which switches between
 * tasks in calls that look synchronous.
 *
 * @param fetch does the I/O of all threads
 */
export async function openBlockingThreads(
  count: number,
  fetch: (path: string) => Promise<string>,
): Promise<BlockingThreads> {
  const memoryBeforeBytes = process.memoryUsage.rss();
  const threads = await Promise.all(Array.from({ length: count }, () => startThread(fetch)));
  const memoryPerThreadBytes = Math.max(0, process.memoryUsage.rss() - memoryBeforeBytes) / count;
  const free = [...threads];
  const computeSpans: ComputeSpan[] = [];
  return {
    memoryPerThreadBytes,
    computeSpans,
    async run(task) {
      const thread = free.pop();
      if (thread === undefined) throw new Error(`All ${count} threads are blocked.`);
      thread.postMessage(task);
      const [{ text, compute }] = (await once(thread, 'message')) as [BlockingDone];
      if (compute !== null) {
        const { timeOrigin } = performance;
        computeSpans.push({
          job: task.job,
          fromMs: compute.fromMs - timeOrigin,
          toMs: compute.toMs - timeOrigin,
        });
      }
      free.push(thread);
      return text;
    },
    close: async () => void (await Promise.all(threads.map((thread) => thread.terminate()))),
  };
}

async function startThread(fetch: (path: string) => Promise<string>): Promise<Worker> {
  const { port1: calls, port2: own } = new MessageChannel();
  const answered = new Int32Array(new SharedArrayBuffer(4));
  const settings: BlockingSettings = { calls, answered };
  const thread = new Worker(join(import.meta.dirname, 'blocking-thread.ts'), {
    workerData: settings,
    transferList: [calls],
  });
  own.on('message', async (path: string) => {
    own.postMessage(await fetch(path).catch((error: Error) => error));
    Atomics.store(answered, 0, 1);
    Atomics.notify(answered, 0);
  });
  thread.once('exit', () => own.close());
  await once(thread, 'message');
  return thread;
}
