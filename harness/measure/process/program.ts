import { spawn } from 'node:child_process';
import { putAway, remember } from './leftovers.ts';

/** How to run a program. */
export interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  /** It does not outlive this process, however that ends: another process watches over both. */
  readonly attended?: boolean;
}

/** What a program came to. */
export interface ProgramEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program that is no part of this project to its end, without a shell, of which a machine need not have one.
 *
 * @returns whatever its exit code is
 * @throws in one sentence where it cannot be started; what `signal` was aborted with, once the program has ended
 */
export async function runProgram(
  name: string,
  args: readonly string[],
  { cwd, env, signal, attended = false }: ProgramOptions,
): Promise<ProgramEnd> {
  signal?.throwIfAborted();
  const child = spawn(name, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(whyNotStarted(name, error))));
    child.once('close', resolve);
  });
  const end = () => void child.kill();
  signal?.addEventListener('abort', end, { once: true });
  const { pid } = child;
  if (attended && pid !== undefined) remember({ process: pid });
  try {
    const exitCode = await ended;
    signal?.throwIfAborted();
    return { exitCode, ...output };
  } finally {
    signal?.removeEventListener('abort', end);
    if (attended && pid !== undefined) putAway({ process: pid });
  }
}

function whyNotStarted(name: string, { code, message }: NodeJS.ErrnoException): string {
  return code === 'ENOENT'
    ? `${name} is not installed here, or not in the PATH.`
    : `${name} cannot be started: ${message}.`;
}

/** The last line that a program said on standard error, or how it ended; lines that match `ignored` do not count. */
export function lastWordsOf({ exitCode, stderr }: ProgramEnd, ignored = /^\s*$/): string {
  const last = stderr.split('\n').findLast((line) => /\S/.test(line) && !ignored.test(line));
  return last?.trim() ?? (exitCode === null ? 'a signal ended it' : `exit code ${exitCode}`);
}
