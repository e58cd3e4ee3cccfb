import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Batch } from '../../harness/model/job.ts';
import type { SampleTarget } from '../../harness/model/target.ts';
import { jobPath } from './exchange.ts';
import { Kept } from './kept.ts';
import { type Attempt, countOutcomes } from './outcomes.ts';

const PROCESS = join(import.meta.dirname, 'few-files-process.ts');

/** A message to the process: send a request, or close all connections. */
export type ToFewFiles =
  | { readonly type: 'request'; readonly job: number; readonly url: string }
  | { readonly type: 'close' };

/** A message from the process: it has no connections, or an answer. */
export type FromFewFiles =
  | { readonly type: 'ready' }
  | { readonly type: 'answer'; readonly job: number; readonly attempt: Attempt };

/** Processes without connections. */
const kept = new Kept<ChildProcess>();

/**
 * A batch whose connections are opened by a separate process with an open-file limit. Jobs over the limit fail with
 * EMFILE; they are not retried.
 *
 * @param files the open-file limit of that process
 * @throws if the process does not start
 */
export async function openFewFiles(
  target: SampleTarget,
  { requests, delayMs, files }: { requests: number; delayMs: number; files: number },
): Promise<Batch> {
  const child = await kept.take(files, () => startProcess(files));
  const tell = (message: ToFewFiles) => child.send(message);
  const waiting = new Map<number, (attempt: Attempt) => void>();
  const take = (message: FromFewFiles) => {
    if (message.type !== 'answer') return;
    waiting.get(message.job)?.(message.attempt);
    waiting.delete(message.job);
  };
  const fail = () => {
    for (const resolve of waiting.values()) resolve({ kind: 'failed', code: 'EXIT' });
    waiting.clear();
  };
  child.on('message', take);
  child.once('exit', fail);
  const attempt = (job: number) =>
    new Promise<Attempt>((resolve) => {
      waiting.set(job, resolve);
      tell({ type: 'request', job, url: target.origin + jobPath(target, delayMs, job) });
    });
  return countOutcomes(requests, 1, attempt, {
    cancel: () => void child.kill('SIGKILL'),
    async close() {
      child.off('message', take);
      child.off('exit', fail);
      const working = waiting.size > 0 || !child.connected;
      if (working) child.kill('SIGKILL');
      else tell({ type: 'close' });
      if (await isReady(child)) kept.giveBack(files, child);
    },
  });
}

/** @throws if it does not start */
async function startProcess(files: number): Promise<ChildProcess> {
  const child = fork(PROCESS, [], {
    // Node has no API to lower the limit, but a shell can.
    execPath: '/bin/sh',
    execArgv: ['-c', `ulimit -n ${files} && exec "$0" --no-warnings "$@"`, process.execPath],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  if (await isReady(child)) return child;
  throw new Error(`A process with ${files} files did not start.`);
}

/** Waits until the process has no connections; false if it has ended. @throws if it cannot be started */
async function isReady(child: ChildProcess): Promise<boolean> {
  if (child.exitCode !== null || child.signalCode !== null) return false;
  const ended = new AbortController();
  const { signal } = ended;
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(() => true),
      once(child, 'exit', { signal }).then(() => false),
    ]);
  } finally {
    ended.abort();
  }
}
