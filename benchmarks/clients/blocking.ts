import { once } from 'node:events';
import { join } from 'node:path';
import { MessageChannel, type MessagePort, Worker } from 'node:worker_threads';
import type { ComputeSpan } from '../../harness/model/job.ts';
import { Kept } from './kept.ts';

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
  /** The mean memory of a thread when it started. */
  readonly memoryPerThreadBytes: number;
  readonly computeSpans: ComputeSpan[];
  close(): Promise<void>;
}

type Fetch = (path: string) => Promise<string>;

/** Threads without tasks. */
interface Threads {
  readonly all: readonly Worker[];
  readonly memoryPerThreadBytes: number;
  /** Sets what does the I/O of all threads. */
  serve(fetch: Fetch): void;
}

const kept = new Kept<Threads>();

/**
 * Opens threads. Each task occupies a thread until it ends. Node has nothing closer to gevent, which switches between
 * tasks in calls that look synchronous.
 *
 * @param fetch does the I/O of all threads
 */
export async function openBlockingThreads(count: number, fetch: Fetch): Promise<BlockingThreads> {
  const threads = await kept.take(count, () => startThreads(count));
  threads.serve(fetch);
  for (const thread of threads.all) thread.ref();
  const free = [...threads.all];
  const computeSpans: ComputeSpan[] = [];
  return {
    memoryPerThreadBytes: threads.memoryPerThreadBytes,
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
    async close() {
      if (free.length < count) {
        await Promise.all(threads.all.map((thread) => thread.terminate()));
        return;
      }
      for (const thread of threads.all) thread.unref();
      kept.giveBack(count, threads);
    },
  };
}

async function startThreads(count: number): Promise<Threads> {
  let serving: Fetch;
  const memoryBeforeBytes = process.memoryUsage.rss();
  const all = await Promise.all(Array.from({ length: count }, () => startThread((path) => serving(path))));
  return {
    all,
    memoryPerThreadBytes: Math.max(0, process.memoryUsage.rss() - memoryBeforeBytes) / count,
    serve(fetch) {
      serving = fetch;
    },
  };
}

async function startThread(fetch: Fetch): Promise<Worker> {
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
  // The thread alone decides how long this process lives.
  own.unref();
  thread.once('exit', () => own.close());
  await once(thread, 'message');
  return thread;
}
