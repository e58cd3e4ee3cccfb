import { type ChildProcess, fork } from 'node:child_process';
import { measuredVariables, type ProxyChoice } from './variables.ts';

/** A child process, which exits when the IPC channel to this process closes. */
export interface Child<ToChild, FromChild> {
  send(message: ToChild): void;
  /**
   * The next message.
   *
   * @throws ChildDied if the process ends first; the abort reason of `signal`
   */
  receive(signal?: AbortSignal): Promise<FromChild>;
  /** Resolves when the process has ended, with one sentence about how. */
  readonly ended: Promise<string>;
  /** What it printed so far, if its output is counted. */
  printed(): Printed;
  /** Kills the process; resolves when it has ended. */
  kill(): Promise<void>;
  /** Asks the process to end by itself, and kills it after `limitMs`. */
  dismiss(limitMs: number): Promise<void>;
}

/** The lines on both outputs of a process. */
export interface Printed {
  readonly lines: number;
  /** The first line that is not empty, or an empty text. */
  readonly first: string;
}

/** A process ended too early; the message says which and how. */
export class ChildDied extends Error {}

/** How many of the last characters on standard error are kept to explain the end of a process. */
const LAST_WORDS_LENGTH = 4000;
/** The time limit for a new process to get ready; it is long because a busy machine starts processes slowly. */
const READY_LIMIT_MS = 30_000;

/** How to start a process. */
export interface ChildOptions extends ProxyChoice {
  readonly args?: readonly string[];
  /** Environment variables besides those of every measured process. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Command line options for node. */
  readonly nodeOptions?: readonly string[];
  readonly signal?: AbortSignal | undefined;
  /** Starts it in a separate process group, which Ctrl-C does not reach. */
  readonly detached?: boolean;
  /** Counts what it prints to standard output, which is ignored otherwise. */
  readonly countsOutput?: boolean;
}

/**
 * Starts a TypeScript file as a separate process and waits until it is ready.
 *
 * @param name its name in error messages, as in `The target`
 * @param file its absolute path
 * @returns the process and its first message
 * @throws ChildDied if it ends, or is silent for 30 s; the abort reason of `signal`
 */
export async function startChild<ToChild, FromChild>(
  name: string,
  file: string,
  {
    args = [],
    variables = {},
    nodeOptions = [],
    signal,
    detached = false,
    countsOutput = false,
    ...choice
  }: ChildOptions = {},
): Promise<{ child: Child<ToChild, FromChild>; ready: FromChild }> {
  const forked = fork(file, [...args], {
    execArgv: ['--no-warnings', ...nodeOptions],
    stdio: ['ignore', countsOutput ? 'pipe' : 'ignore', 'pipe', 'ipc'],
    detached,
    env: { ...measuredVariables(choice), ...variables },
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

/** The parts of a forked process that are used here. */
interface Forked extends Pick<ChildProcess, 'stdout' | 'stderr'> {
  on(event: 'message', take: (message: unknown) => void): unknown;
  on(event: 'error', take: (error: Error) => void): unknown;
  once(event: 'error', take: (error: Error) => void): unknown;
  once(event: 'close', take: (code: number | null, signal: string | null) => void): unknown;
  send(message: object, sent: () => void): unknown;
  kill(signal: 'SIGKILL'): unknown;
}

/**
 * Exchanges messages with a new forked process.
 *
 * @param name its name in error messages
 */
export function superviseChild<ToChild, FromChild>(name: string, forked: Forked): Child<ToChild, FromChild> {
  const inbox: FromChild[] = [];
  let arrived = () => {};
  let lastWords = '';
  let lines = 0;
  let first = '';
  const count = (text: string) => {
    if (process.env.DEBUG) process.stderr.write(text);
    if (first.trim() === '') first = text.split('\n').find((line) => line.trim() !== '') ?? '';
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines += 1;
  };

  forked.stdout?.setEncoding('utf8').on('data', count);
  forked.stderr?.setEncoding('utf8').on('data', (text: string) => {
    count(text);
    lastWords = (lastWords + text).slice(-LAST_WORDS_LENGTH);
  });
  forked.on('message', (message) => {
    inbox.push(message as FromChild);
    arrived();
  });
  // Sending to a process that has just died fails; `ended` already reports its end.
  forked.on('error', () => {});
  const ended = new Promise<string>((resolve) => {
    forked.once('error', (error) => resolve(`${name} could not be started: ${error.message}.`));
    // `exit` would be too early: output on standard error can still arrive after it.
    forked.once('close', (code, signal) => {
      const how = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
      const reason = reasonIn(lastWords);
      resolve(`${name} ${how}${reason === '' ? '' : ` (${reason})`}.`);
    });
  });

  return {
    ended,
    printed: () => ({ lines: Math.max(lines, first === '' ? 0 : 1), first: first.trim() }),
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
      // If this side closed the channel, Node would never emit `close`.
      forked.send({ type: 'leave' }, () => {});
      const tooLong = setTimeout(() => forked.kill('SIGKILL'), limitMs);
      await ended;
      clearTimeout(tooLong);
    },
  };
}

/** The line of a stack trace with the reason: the last one that names an error, or else the last one. */
function reasonIn(lastWords: string): string {
  const lines = lastWords.split('\n').filter((line) => /\S/.test(line) && !line.startsWith('Node.js v'));
  return (lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '').trim();
}
