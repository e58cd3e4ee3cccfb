import { join } from 'node:path';
import { type Child, ChildDied, startChild } from '../harness/measure/process/child.ts';
import { startTarget, type Target } from '../harness/measure/process/target.ts';
import latency from '../server/latency/kind.ts';
import { requireConnections } from '../server/latency/limits.ts';
import { type Choices, inFlightLimit } from './choices.ts';
import type { FromPlayer, Outcome, RunEvent, ToPlayer } from './events.ts';
import { targetOptions } from './latencies.ts';

const PLAYER = join(import.meta.dirname, 'player.ts');
/** A run that takes longer is stopped. */
const RUN_LIMIT_MS = 120_000;

type Player = Child<ToPlayer, FromPlayer>;

/** How to run. */
export interface RunOptions {
  /** Gets what happens, in order. */
  tell(events: readonly RunEvent[]): void;
  readonly signal: AbortSignal;
  /** After how long it is stopped, in ms; two minutes, where left out. */
  readonly limitMs?: number;
}

/**
 * One run: a target and a player, both fresh, and both gone when this returns or throws.
 *
 * @throws whatever `signal` was aborted with; ChildDied where a process ends or does not start; an Error with one sentence
 *   where the run takes too long, a request fails or too few files may be open
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
