/** A thread of `blocking.ts`: its code is synchronous and blocks at each call. */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { doSteps } from '../compute/cpu.ts';
import type { BlockingDone, BlockingSettings, BlockingTask } from './blocking.ts';

const { calls, answered } = workerData as BlockingSettings;
const nowMs = () => performance.timeOrigin + performance.now();

/** Fetches synchronously: no other code runs in this thread meanwhile. */
function fetchSync(path: string): string {
  Atomics.store(answered, 0, 0);
  calls.postMessage(path);
  Atomics.wait(answered, 0, 0);
  const answer: string | Error = receiveMessageOnPort(calls)?.message;
  if (answer instanceof Error) throw answer;
  return answer;
}

function run({ paths, steps }: BlockingTask): BlockingDone {
  const text = paths.map(fetchSync).join('');
  if (steps === 0) return { text, compute: null };
  const fromMs = nowMs();
  doSteps(steps);
  return { text, compute: { fromMs, toMs: nowMs() } };
}

// Warms up the JIT compiler before the clock starts.
doSteps(1_000_000);
parentPort?.on('message', (task: BlockingTask) => parentPort?.postMessage(run(task)));
parentPort?.postMessage('ready');
