import { join } from 'node:path';
import { type Child, ChildDied, startChild } from '../harness/measure/process/child.ts';
import { startTarget, type Target } from '../harness/measure/process/target.ts';
import latency from '../server/latency/kind.ts';
import { requireConnections } from '../server/latency/limits.ts';
import { type Choices, inFlightLimit } from './choices.ts';
import type { FromPlayer, Outcome, RunEvent, ToPlayer } from './events.ts';
import { targetOptions } from './latencies.ts';

const PLAYER = join(import.meta.dirname, 'player.ts');
/** The default time limit of a run. */
const RUN_LIMIT_MS = 120_000;

type Player = Child<ToPlayer, FromPlayer>;

/** Options of a run. */
export interface RunOptions {
  /** Receives the events, in order. */
  tell(events: readonly RunEvent[]): void;
  readonly signal: AbortSignal;
  /** The time limit in ms; two minutes if left out. */
  readonly limitMs?: number;
}

/**
 * Runs a new target and a new player; both processes have ended when this returns or throws.
 *
 * @throws the abort reason of `signal`; ChildDied if a process ends or does not start; an Error with one sentence if the
 *   run takes too long, a request fails or the open-file limit is too low
 */
export async function playRun(choices: Choices, options: RunOptions): Promise<Outcome> {
  requireConnections(inFlightLimit(choices), 'this run');
  const ending = new AbortController();
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const [target, player] = await Promise.allSettled([
    startTarget(latency, targetOptions(choices), signal),
    startPlayer(choices, signal),
  ]);
  const { limitMs = RUN_LIMIT_MS } = options;
  const tooLong = setTimeout(() => ending.abort(new Error(tooLongSentence(limitMs))), limitMs);
  try {
    if (target.status === 'rejected') throw target.reason;
    if (player.status === 'rejected') throw player.reason;
    target.value.ended.then((how) => ending.abort(new ChildDied(how)));
    return await conduct(target.value, player.value, options.tell, signal);
  } finally {
    clearTimeout(tooLong);
    await Promise.all([
      target.status === 'fulfilled' && target.value.end(),
      player.status === 'fulfilled' && player.value.kill(),
    ]);
  }
}

async function startPlayer(choices: Choices, signal: AbortSignal): Promise<Player> {
  const { child } = await startChild<ToPlayer, FromPlayer>('The player', PLAYER, {
    args: [JSON.stringify({ ...choices, limit: inFlightLimit(choices) })],
    signal,
  });
  return child;
}

async function conduct(
  { address }: Target,
  player: Player,
  tell: RunOptions['tell'],
  signal: AbortSignal,
): Promise<Outcome> {
  player.send({ type: 'play', target: address });
  for (;;) {
    const message = await player.receive(signal);
    if (message.type === 'begun') tell([message]);
    if (message.type === 'events') tell(message.events);
    if (message.type === 'finished') return message.outcome;
    if (message.type === 'failed') throw new Error(message.message);
  }
}

function tooLongSentence(limitMs: number): string {
  return `Stopped after ${limitMs / 1000} s, the longest that a run may take; ask for fewer requests, a lower latency or more in flight.`;
}
