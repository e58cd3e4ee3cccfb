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

/** A peer under check; each broken rule is thrown as RuleBroken. */
export interface CheckedPeer {
  /** The strategies that it offers, by workload. */
  readonly strategies: Readonly<Record<string, readonly string[]>>;
  /** Whether it says that its client does not keep its connections. */
  readonly reconnects: boolean;
  open(order: BatchOrder): Promise<void>;
  /** Sends `run` and does not wait for the answer. */
  begin(): void;
  /** The answer to `run`. */
  done(): Promise<PeerAnswer>;
  close(): Promise<void>;
  /** Sends lines; the last of them at the latest must end the peer with a message on standard error. */
  mustRefuse(...lines: readonly string[]): Promise<void>;
  /** The peer must end by itself; its remaining output is ignored. */
  mustEnd(rule: string): Promise<Ending>;
  endStdin(): void;
  /** Closes the reading end of the peer's stdout. */
  closeStdout(): void;
  /** Sends a line without checking its effect. */
  say(line: string): void;
  /** Sends SIGINT, as Ctrl-C does, to the peer and all processes that it has started. */
  interrupt(): void;
  /** Kills the peer's process, but not the processes that it has started. */
  killLeader(): void;
  /** Ends the peer and all processes that it has started. */
  stop(): void;
}

/**
 * Starts a peer in a separate process group.
 *
 * @param limitMs the time limit for each answer, and for the peer's end
 * @param aborted stops the peer
 * @throws RuleBroken if the peer does not report that it is ready; the reason of `aborted` if that came first
 */
export async function startCheckedPeer(
  command: PeerCommand,
  limitMs: number,
  aborted: AbortSignal,
): Promise<CheckedPeer> {
  aborted.throwIfAborted();
  const peer = startLineProcess('It', command, { ownGroup: true });
  const { child, ended, say } = peer;
  // A negative id addresses the whole group.
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
      reconnects: first.reconnects !== undefined,
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
    // All processes of the group have already ended.
  }
}

/** The value of a promise, or null if it takes longer. */
async function within<Result>(promise: Promise<Result>, limitMs: number): Promise<Result | null> {
  const { promise: late, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(() => resolve(null), limitMs);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
