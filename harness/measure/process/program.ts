import { spawn } from 'node:child_process';
import { putAway, remember } from './leftovers.ts';

/** How to run a program. */
export interface ProgramOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Ends the program. */
  readonly signal?: AbortSignal | undefined;
  /** The janitor process ends the program if this process is killed. */
  readonly attended?: boolean;
  /** What the program started ends with it, as scripts of packages and builds may start anything; not on Windows. */
  readonly whole?: boolean;
}

/** The exit code and output of a program. */
export interface ProgramEnd {
  /** Null if a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs an external program to its end without a shell, which some machines do not have.
 *
 * @returns also if the exit code is not 0
 * @throws one sentence if the program cannot be started; the abort reason of `signal`, once the program has ended
 */
export async function runProgram(
  name: string,
  args: readonly string[],
  { cwd, env, signal, attended = false, whole = false }: ProgramOptions,
): Promise<ProgramEnd> {
  signal?.throwIfAborted();
  const inGroup = whole && process.platform !== 'win32';
  const child = spawn(name, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: inGroup });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(whyNotStarted(name, error))));
    child.once('close', resolve);
  });
  const { pid = 0 } = child;
  const id = inGroup ? -pid : pid;
  const end = () => kill(id, 'SIGTERM');
  signal?.addEventListener('abort', end, { once: true });
  // The output of a group closes only when all of it has ended.
  if (inGroup) child.once('exit', () => kill(id, 'SIGKILL'));
  if (attended && pid !== 0) remember({ process: id });
  try {
    const exitCode = await ended;
    signal?.throwIfAborted();
    return { exitCode, ...output };
  } finally {
    signal?.removeEventListener('abort', end);
    if (attended && pid !== 0) putAway({ process: id });
  }
}

/** Ends a process, or a group if the id is negative. */
function kill(id: number, signal: NodeJS.Signals): void {
  try {
    if (id !== 0) process.kill(id, signal);
  } catch {
    // It has already ended.
  }
}

function whyNotStarted(name: string, { code, message }: NodeJS.ErrnoException): string {
  return code === 'ENOENT'
    ? `${name} is not installed here, or not in the PATH.`
    : `${name} cannot be started: ${message}.`;
}

/** The last line on a program's standard error, or how it ended; lines that match `ignored` are skipped. */
export function lastWordsOf(
  { exitCode, stderr }: Pick<ProgramEnd, 'exitCode' | 'stderr'>,
  ignored = /^\s*$/,
): string {
  const last = stderr.split('\n').findLast((line) => /\S/.test(line) && !ignored.test(line));
  return last?.trim() ?? (exitCode === null ? 'a signal ended it' : `exit code ${exitCode}`);
}
