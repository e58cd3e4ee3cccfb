import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A process of ours that ends when we do: it exits when the channel to us closes. */
export interface Child<ToChild, FromChild> {
  readonly pid: number;
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
}

/** A process ended that should have gone on; the message says which and how. */
export class ChildDied extends Error {}

/** How long a new process may take to say that it is ready; it is long since a busy machine starts slowly. */
const READY_LIMIT_MS = 30_000;

/**
 * Starts a TypeScript file as a process of its own and waits until it says that it is ready.
 *
 * @param name what error messages call it, as in `The target`
 * @param file its absolute path
 * @param nodeOptions options of node itself
 * @returns the process and its first message
 * @throws ChildDied where it ends, or says nothing for 30 s; whatever `signal` was aborted with
 */
export async function startChild<ToChild, FromChild>(
  name: string,
  file: string,
  { nodeOptions = [], signal }: { nodeOptions?: string[]; signal?: AbortSignal | undefined } = {},
): Promise<{ child: Child<ToChild, FromChild>; ready: FromChild }> {
  const forked = fork(file, [], {
    execArgv: ['--no-warnings', ...nodeOptions],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const child = superviseChild<ToChild, FromChild>(name, forked);
  const tooLong = AbortSignal.timeout(READY_LIMIT_MS);
  try {
    const ready = await child.receive(signal === undefined ? tooLong : AbortSignal.any([signal, tooLong]));
    return { child, ready };
  } catch (error) {
    await child.kill();
    if (tooLong.aborted && !signal?.aborted)
      throw new ChildDied(`${name} did not start within ${READY_LIMIT_MS / 1000} s.`);
    throw error;
  }
}

function superviseChild<ToChild, FromChild>(name: string, forked: ChildProcess): Child<ToChild, FromChild> {
  const inbox: FromChild[] = [];
  let arrived = () => {};
  let lastErrorLine = '';

  forked.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (process.env.DEBUG) process.stderr.write(text);
    lastErrorLine =
      text
        .trim()
        .split('\n')
        .findLast((line) => /\S/.test(line)) ?? lastErrorLine;
  });
  forked.on('message', (message) => {
    inbox.push(message as FromChild);
    arrived();
  });
  // A message to a process that has just died is no error of its own: `ended` tells.
  forked.on('error', () => {});
  const ended = once(forked, 'exit').then(([code, signal]) => {
    const how = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
    return `${name} ${how}${lastErrorLine === '' ? '' : ` (${lastErrorLine})`}.`;
  });

  return {
    pid: forked.pid ?? 0,
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
  };
}
