import { fork } from 'node:child_process';
import { join } from 'node:path';
import type { Batch } from '../../harness/model/job.ts';
import type { SampleTarget } from '../../harness/model/target.ts';
import { jobPath } from './exchange.ts';
import { type Attempt, countOutcomes } from './outcomes.ts';

const PROCESS = join(import.meta.dirname, 'few-files-process.ts');

/** The messages to and from the process. */
export interface FewFilesRequest {
  readonly job: number;
  readonly url: string;
}
export interface FewFilesAnswer {
  readonly job: number;
  readonly attempt: Attempt;
}

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
  const child = fork(PROCESS, [], {
    // Node has no API to lower the limit, but a shell can.
    execPath: '/bin/sh',
    execArgv: ['-c', `ulimit -n ${files} && exec "$0" --no-warnings "$@"`, process.execPath],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const waiting = new Map<number, (attempt: Attempt) => void>();
  const fail = (code: string) => {
    for (const resolve of waiting.values()) resolve({ kind: 'failed', code });
    waiting.clear();
  };
  await new Promise((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`A process with ${files} files did not start.`)));
  });
  child.on('message', ({ job, attempt }: FewFilesAnswer) => {
    waiting.get(job)?.(attempt);
    waiting.delete(job);
  });
  child.once('exit', () => fail('EXIT'));
  const attempt = (job: number) =>
    new Promise<Attempt>((resolve) => {
      waiting.set(job, resolve);
      const request: FewFilesRequest = { job, url: target.origin + jobPath(target, delayMs, job) };
      child.send(request);
    });
  return countOutcomes(requests, 1, attempt, {
    cancel: () => void child.kill('SIGKILL'),
    async close() {
      child.kill('SIGKILL');
      await ended;
    },
  });
}
