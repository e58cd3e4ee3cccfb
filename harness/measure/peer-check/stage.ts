import { join } from 'node:path';
import type { PeerCommand } from '../../model/peer.ts';
import { type CheckedPeer, startCheckedPeer } from './checked-peer.ts';
import { RuleBroken } from './rules.ts';
import type { CheckTargets } from './targets.ts';

const PARENT = join(import.meta.dirname, 'parent.ts');

/** What checks have in common: targets, and a peer for each. */
export interface Stage {
  readonly targets: CheckTargets;
  /** How long a peer may take to answer and to end. */
  readonly limitMs: number;
  /** Starts the peer, gives it to a check, and ends it; with a parent of its own where that is to be killed. */
  withPeer<Result>(check: (peer: CheckedPeer) => Promise<Result>, parent?: boolean): Promise<Result>;
}

/** One thing that a peer must do. */
export interface Check {
  readonly name: string;
  /**
   * Tries it.
   *
   * @returns what is worth telling where it holds; may be empty
   * @throws RuleBroken
   */
  run(stage: Stage): Promise<string>;
}

/** What became of a check: what the peer did, and which rule of the document it broke, if any. */
export interface CheckResult {
  readonly name: string;
  readonly detail: string;
  /** In the document's words; null where the check holds. */
  readonly rule: string | null;
}

/**
 * Makes a stage of targets that run.
 *
 * @param command what starts the peer
 * @param limitMs how long it may take to answer, and to end
 * @param signal ends it when it is aborted
 */
export function stageOf(
  targets: CheckTargets,
  command: PeerCommand,
  limitMs: number,
  signal: AbortSignal,
): Stage {
  const args = ['--no-warnings', PARENT, command.command, ...command.args];
  const below = { ...command, command: process.execPath, args };
  return {
    targets,
    limitMs,
    async withPeer(check, parent = false) {
      const peer = await startCheckedPeer(parent ? below : command, limitMs, signal);
      try {
        return await check(peer);
      } finally {
        peer.stop();
      }
    },
  };
}

/** A check of a peer that is started for it, and ended after it. */
export function peerCheck(name: string, run: (peer: CheckedPeer, stage: Stage) => Promise<void>): Check {
  return {
    name,
    async run(stage) {
      await stage.withPeer((peer) => run(peer, stage));
      return '';
    },
  };
}

/** Tries one check. @throws what is no broken rule */
export async function resultOf({ name, run }: Check, stage: Stage): Promise<CheckResult> {
  try {
    return { name, detail: await run(stage), rule: null };
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error;
    return { name, detail: error.message, rule: error.rule };
  }
}
