import type { PeerCommand } from '../../model/peer.ts';
import type { NamedKind } from '../process/target-kinds.ts';
import type { CheckedPeer } from './checked-peer.ts';
import { endingChecks } from './ending-checks.ts';
import { refusalChecks } from './refusal-checks.ts';
import { RULES, RuleBroken } from './rules.ts';
import { sampleChecks } from './sample-checks.ts';
import { type Check, type CheckResult, resultOf, type Stage, stageOf } from './stage.ts';
import { openCheckTargets } from './targets.ts';

/** Options of a peer check. */
export interface PeerCheckOptions {
  /** The target kind of the latency server, which is started for the checks. */
  readonly kind: NamedKind;
  /** The time limit for each answer, and for the peer's end. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
  /** Selects checks after the first by name; all of them if left out. */
  wanted?(name: string): boolean;
}

/**
 * Checks a peer of any language against docs/peer-protocol.md, on a latency server that is started for it. All started
 * processes have ended when it returns or throws.
 *
 * @returns the result of each check as soon as it is known; only the first, if the peer does not start
 * @throws the abort reason of `signal`
 */
export async function* checkPeer(
  command: PeerCommand,
  { kind, limitMs, signal, wanted }: PeerCheckOptions,
): AsyncGenerator<CheckResult, void> {
  const targets = await openCheckTargets(kind, signal);
  try {
    for await (const result of resultsOn(stageOf(targets, command, limitMs, signal), wanted)) {
      signal.throwIfAborted();
      yield result;
    }
  } finally {
    await targets.close();
  }
}

/** As {@link checkPeer}, on a stage that the caller opens and closes. */
export async function* resultsOn(
  stage: Stage,
  wanted: PeerCheckOptions['wanted'] = () => true,
): AsyncGenerator<CheckResult, void> {
  let strategies: CheckedPeer['strategies'] = {};
  const start: Check = {
    name: 'starts',
    async run() {
      strategies = await stage.withPeer(async (peer) => peer.strategies);
      return offers(strategies);
    },
  };
  const started = await resultOf(start, stage);
  yield started;
  if (started.rule !== null) return;
  const first = firstOf(strategies);
  const checks = [...sampleChecks(strategies), ...refusalChecks(first), ...endingChecks(first, strategies)];
  for (const check of checks) if (wanted(check.name)) yield await resultOf(check, stage);
}

/** @throws RuleBroken if the peer offers no strategy */
function offers(strategies: CheckedPeer['strategies']): string {
  const offered = Object.entries(strategies).filter(([, names]) => names.length > 0);
  if (offered.length === 0) throw new RuleBroken('It offers no strategy.', RULES.start);
  return offered.map(([workload, names]) => `${workload} by ${names.join(', ')}`).join('; ');
}

/** The strategy for all checks that run once: one that sends requests, if there is one. */
function firstOf(strategies: CheckedPeer['strategies']) {
  const all = Object.entries(strategies).flatMap(([workload, names]) =>
    names.map((strategy) => ({ workload, strategy })),
  );
  const sends = ({ workload, strategy }: (typeof all)[number]) =>
    workload === 'crawl' || (workload === 'hash-and-save' && strategy !== 'no-io');
  return all.find(sends) ?? all[0]!;
}
