import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { PeerCommand } from '../../model/peer.ts';

/** As much of what a process says on standard error is kept for the case of its end. */
const LAST_WORDS_LENGTH = 4000;

/** A peer that died, hung or talked nonsense; the message is one sentence with its last words. */
export class PeerFailed extends Error {}

/** A peer said nothing for too long. */
export class PeerSilent extends PeerFailed {}

/** How a process ended. */
export interface Ending {
  /** One sentence, with the last line that it said on standard error. */
  readonly sentence: string;
  /** Null where a signal ended it, or it could not be started. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last line that it said on standard error; empty where it said none. */
  readonly lastLine: string;
}

/** A process that hears lines on standard input and says lines on standard output. */
export interface LineProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** Resolves when it has ended, and nobody else holds its standard output and error. */
  readonly ended: Promise<Ending>;
  say(line: string): void;
  /**
   * The next line that it says.
   *
   * @throws PeerFailed where it ends instead; PeerSilent where it says nothing for so long
   */
  hear(limitMs: number): Promise<string>;
}

/** How to start one. */
export interface LineProcessOptions {
  /** Ctrl-C does not reach it, and `-child.pid` is all that it starts. */
  readonly ownGroup?: boolean;
  /** Its environment besides that of its command; this process's, where left out. */
  readonly variables?: NodeJS.ProcessEnv;
}

/**
 * Starts a process that talks in lines.
 *
 * @param name stands first in every sentence about it
 */
export function startLineProcess(
  name: string,
  { command, args, env }: PeerCommand,
  { ownGroup = false, variables = process.env }: LineProcessOptions = {},
): LineProcess {
  const child = spawn(command, [...args], {
    stdio: 'pipe',
    env: { ...variables, ...env },
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
