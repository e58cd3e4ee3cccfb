import { type ChildProcess, fork } from 'node:child_process';
import { measuredVariables, type ProxyChoice } from './variables.ts';

/** A process of ours that ends when we do: it exits when the channel to us closes. */
export interface Child<ToChild, FromChild> {
  send(message: ToChild): void;
  /**
   * The next message.
   *
   * @throws ChildDied where the process ends first; whatever `signal` was aborted with
   */
  receive(signal?: AbortSignal): Promise<FromChild>;
  /** Resolves when the process has ended, to one sentence about how. */
  readonly ended: Promise<string>;
  /** Ends the process at once; resolves when it is gone. */
  kill(): Promise<void>;
  /** Tells the process to end by itself; kills it where that takes longer than `limitMs`. */
  dismiss(limitMs: number): Promise<void>;
}

/** A process ended that should have gone on; the message says which and how. */
export class ChildDied extends Error {}

/** As much of what a process says on standard error is kept for the case of its end. */
const LAST_WORDS_LENGTH = 4000;
/** How long a new process may take to say that it is ready; it is long since a busy machine starts slowly. */
const READY_LIMIT_MS = 30_000;

/** How to start a process. */
export interface ChildOptions extends ProxyChoice {
  readonly args?: readonly string[];
  /** Options of node itself. */
  readonly nodeOptions?: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** In a process group of its own, which Ctrl-C does not reach. */
  readonly detached?: boolean;
}

/**
 * Starts a TypeScript file as a process of its own and waits until it says that it is ready.
 *
 * @param name what error messages call it, as in `The target`
 * @param file its absolute path
 * @returns the process and its first message
 * @throws ChildDied where it ends, or says nothing for 30 s; whatever `signal` was aborted with
 */
export async function startChild<ToChild, FromChild>(
  name: string,
  file: string,
  { args = [], nodeOptions = [], signal, detached = false, ...choice }: ChildOptions = {},
): Promise<{ child: Child<ToChild, FromChild>; ready: FromChild }> {
  const forked = fork(file, [...args], {
    execArgv: ['--no-warnings', ...nodeOptions],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    detached,
    env: measuredVariables(choice),
  });
  const child = superviseChild<ToChild, FromChild>(name, forked);
  const tooLong = AbortSignal.timeout(READY_LIMIT_MS);
  try {
    const ready = await child.receive(signal === undefined ? tooLong : AbortSignal.any([signal, tooLong]));
    return { child, ready };
  } catch (error) {
    await (detached ? child.dismiss(READY_LIMIT_MS) : child.kill());
    if (tooLong.aborted && !signal?.aborted)
      throw new ChildDied(`${name} did not start within ${READY_LIMIT_MS / 1000} s.`);
    throw error;
  }
}

/** What of a process that was forked is used. */
interface Forked extends Pick<ChildProcess, 'stderr'> {
  on(event: 'message', take: (message: unknown) => void): unknown;
  on(event: 'error', take: (error: Error) => void): unknown;
  once(event: 'error', take: (error: Error) => void): unknown;
  once(event: 'close', take: (code: number | null, signal: string | null) => void): unknown;
  send(message: object, sent: () => void): unknown;
  kill(signal: 'SIGKILL'): unknown;
}

/**
 * Speaks with a process that was just forked.
 *
 * @param name what error messages call it
 */
export function superviseChild<ToChild, FromChild>(name: string, forked: Forked): Child<ToChild, FromChild> {
  const inbox: FromChild[] = [];
  let arrived = () => {};
  let lastWords = '';

  forked.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (process.env.DEBUG) process.stderr.write(text);
    lastWords = (lastWords + text).slice(-LAST_WORDS_LENGTH);
  });
  forked.on('message', (message) => {
    inbox.push(message as FromChild);
    arrived();
  });
  // A message to a process that has just died is no error of its own: `ended` tells.
  forked.on('error', () => {});
  const ended = new Promise<string>((resolve) => {
    forked.once('error', (error) => resolve(`${name} could not be started: ${error.message}.`));
    // Not `exit`, after which the last words may still come.
    forked.once('close', (code, signal) => {
      const how = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
      const reason = reasonIn(lastWords);
      resolve(`${name} ${how}${reason === '' ? '' : ` (${reason})`}.`);
    });
  });

  return {
    ended,
    send: (message) => void forked.send(message as object, () => {}),
    async receive(signal) {
      signal?.throwIfAborted();
      if (inbox.length === 0) {
        const { promise, resolve, reject } = Promise.withResolvers<void>();
        const onAbort = () => reject(signal?.reason);
        arrived = resolve;
        signal?.addEventListener('abort', onAbort, { once: true });
        ended.then((how) => reject(new ChildDied(how)));
        await promise.finally(() => signal?.removeEventListener('abort', onAbort));
      }
      return inbox.shift()!;
    },
    async kill() {
      forked.kill('SIGKILL');
      await ended;
    },
    async dismiss(limitMs) {
      // To close the channel from here would keep Node from ever telling of the end.
      forked.send({ type: 'leave' }, () => {});
      const tooLong = setTimeout(() => forked.kill('SIGKILL'), limitMs);
      await ended;
      clearTimeout(tooLong);
    },
  };
}

/** The line of a stack trace that says what happened: the last one that names an error, or else the last one. */
function reasonIn(lastWords: string): string {
  const lines = lastWords.split('\n').filter((line) => /\S/.test(line) && !line.startsWith('Node.js v'));
  return (lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '').trim();
}
