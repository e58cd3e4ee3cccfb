import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { PeerCommand } from '../../model/peer.ts';

/** How many of the last characters on standard error are kept to explain the end of a process. */
const LAST_WORDS_LENGTH = 4000;

/** A peer died, hung or sent an invalid line; the message is one sentence with its last output. */
export class PeerFailed extends Error {}

/** A peer did not answer within the time limit. */
export class PeerSilent extends PeerFailed {}

/** How a process ended. */
export interface Ending {
  /** One sentence, with the last line on its standard error. */
  readonly sentence: string;
  /** Null if a signal ended it, or it could not be started. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last line on its standard error, or empty. */
  readonly lastLine: string;
}

/** A process that reads lines from standard input and writes lines to standard output. */
export interface LineProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when it has ended, and no other process holds its standard output and error. */
  readonly ended: Promise<Ending>;
  say(line: string): void;
  /**
   * The next line of its output.
   *
   * @throws PeerFailed if it ends first; PeerSilent after the time limit
   */
  hear(limitMs: number): Promise<string>;
}

/** Options of a new process. */
export interface LineProcessOptions {
  /** Starts a process group: Ctrl-C does not reach it, and `-child.pid` addresses all its processes. */
  readonly ownGroup?: boolean;
  /** Its environment besides that of its command; by default that of this process. */
  readonly variables?: NodeJS.ProcessEnv;
}

/**
 * Starts a process that exchanges lines.
 *
 * @param name its name in error messages
 */
export function startLineProcess(
  name: string,
  { command, args, env, cwd }: PeerCommand,
  { ownGroup = false, variables = process.env }: LineProcessOptions = {},
): LineProcess {
  const child = spawn(command, [...args], {
    stdio: 'pipe',
    env: { ...variables, ...env },
    cwd,
    detached: ownGroup,
  });
  const ended = watchEnd(name, child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.on('error', () => {});
  return {
    child,
    ended,
    say: (line) => void child.stdin.write(`${line}\n`),
    async hear(limitMs) {
      const slow = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => slow.reject(new PeerSilent(`${name} gave no answer for ${limitMs / 1000} s.`)),
        limitMs,
      );
      try {
        const { done, value } = await Promise.race([lines.next(), slow.promise]);
        if (done) throw new PeerFailed((await Promise.race([ended, slow.promise])).sentence);
        return value;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

function watchEnd(name: string, child: ChildProcessWithoutNullStreams): Promise<Ending> {
  let lastWords = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-LAST_WORDS_LENGTH);
  });
  return new Promise((resolve) => {
    child.once('error', ({ message }) =>
      resolve({
        sentence: `${name} could not be started: ${message}.`,
        code: null,
        signal: null,
        lastLine: '',
      }),
    );
    child.once('close', (code, signal) => {
      const how = signal === null ? `ended with exit code ${code}` : `was killed by ${signal}`;
      const lastLine = lastWords.trim().split('\n').at(-1) ?? '';
      const sentence = `${name} ${how}${lastLine === '' ? '' : ` (${lastLine})`}.`;
      resolve({ sentence, code, signal, lastLine });
    });
  });
}
