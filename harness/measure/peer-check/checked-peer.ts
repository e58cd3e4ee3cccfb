import type { Static, TSchema } from 'typebox';
import type { PeerCommand } from '../../model/peer.ts';
import { putAway, remember } from '../process/leftovers.ts';
import { type Ending, PeerFailed, PeerSilent, startLineProcess } from '../process/line-process.ts';
import {
  type BatchOrder,
  ClosedSchema,
  DoneSchema,
  FirstSchema,
  OpenedSchema,
  type PeerAnswer,
} from '../process/peer-messages.ts';
import { hear } from '../process/peer-process.ts';
import { RULES, RuleBroken } from './rules.ts';

/** A peer that is checked: what it does against the rules is thrown as RuleBroken. */
export interface CheckedPeer {
  /** Those that it offers, by workload. */
  readonly strategies: Readonly<Record<string, readonly string[]>>;
  open(order: BatchOrder): Promise<void>;
  /** Says `run`, and does not wait for the answer. */
  begin(): void;
  /** The answer to `run`. */
  done(): Promise<PeerAnswer>;
  close(): Promise<void>;
  /** Says lines of which the last, if none before, must end the peer with a word on standard error. */
  mustRefuse(...lines: readonly string[]): Promise<void>;
  /** It must have ended by itself; lines that it still says do not count. */
  mustEnd(rule: string): Promise<Ending>;
  endStdin(): void;
  /** From now on nobody reads what it says. */
  closeStdout(): void;
  /** Says a line, whatever that leads to. */
  say(line: string): void;
  /** Ctrl-C, which reaches it and all that it has started. */
  interrupt(): void;
  /** Kills the process that was started, and none that it has started. */
  killLeader(): void;
  /** Ends it with all that it has started. */
  stop(): void;
}

/**
 * Starts a peer in a process group of its own.
 *
 * @param limitMs how long it may take to answer, and to end
 * @param aborted stops it
 * @throws RuleBroken where it does not say that it is ready; whatever `aborted` was aborted with before
 */
export async function startCheckedPeer(
  command: PeerCommand,
  limitMs: number,
  aborted: AbortSignal,
): Promise<CheckedPeer> {
  aborted.throwIfAborted();
  const peer = startLineProcess('It', command, { ownGroup: true });
  const { child, ended, say } = peer;
  // Negative: the whole group.
  const group = child.pid === undefined ? undefined : -child.pid;
  if (group !== undefined) remember({ process: group });
  const stop = () => {
    if (group === undefined) return;
    signal(group, 'SIGKILL');
    putAway({ process: group });
    aborted.removeEventListener('abort', stop);
  };
  aborted.addEventListener('abort', stop);
  const next = async <Schema extends TSchema>(schema: Schema, rule: string): Promise<Static<Schema>> => {
    try {
      return await hear('It', peer, schema, limitMs);
    } catch (error) {
      if (!(error instanceof PeerFailed)) throw error;
      throw new RuleBroken(error.message, error instanceof PeerSilent ? RULES.patience : rule);
    }
  };
  const ask = async <Schema extends TSchema>(message: object, schema: Schema) => {
    say(JSON.stringify(message));
    return next(schema, RULES.answer);
  };
  const mustEnd = async (rule: string): Promise<Ending> => {
    const ending = await within(ended, limitMs);
    if (ending === null) throw new RuleBroken(`It still ran after ${limitMs / 1000} s.`, rule);
    return ending;
  };

  try {
    const first = await next(FirstSchema, RULES.start);
    if (!first.ready)
      throw new RuleBroken(`It lacks ${first.missing}; install that and check again.`, RULES.start);
    return {
      strategies: first.strategies,
      open: async (order) => void (await ask({ do: 'open', ...order }, OpenedSchema)),
      begin: () => say('{"do":"run"}'),
      done: () => next(DoneSchema, RULES.answer),
      close: async () => void (await ask({ do: 'close' }, ClosedSchema)),
      async mustRefuse(...lines) {
        let answer: string | null = null;
        for (const line of lines) {
          say(line);
          answer = await peer.hear(limitMs).catch(() => null);
          if (answer === null) break;
        }
        if (answer !== null)
          throw new RuleBroken(`It said ${JSON.stringify(answer.slice(0, 80))}.`, RULES.errors);
        const { code, sentence, lastLine } = await mustEnd(RULES.errors);
        if (code === null || code === 0) throw new RuleBroken(sentence, RULES.errors);
        if (lastLine === '')
          throw new RuleBroken(`It ended with exit code ${code} and said nothing on stderr.`, RULES.errors);
      },
      mustEnd,
      endStdin: () => void child.stdin.end(),
      closeStdout: () => void child.stdout.destroy(),
      say,
      interrupt: () => void (group !== undefined && signal(group, 'SIGINT')),
      killLeader: () => void child.kill('SIGKILL'),
      stop,
    };
  } catch (error) {
    stop();
    throw error;
  }
}

function signal(group: number, name: NodeJS.Signals): void {
  try {
    process.kill(group, name);
  } catch {
    // All of it has ended by itself.
  }
}

/** What a promise resolves to, or null where that takes longer. */
async function within<Result>(promise: Promise<Result>, limitMs: number): Promise<Result | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), limitMs);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
