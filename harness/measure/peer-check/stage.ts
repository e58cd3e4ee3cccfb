import { join } from 'node:path';
import type { PeerCommand } from '../../model/peer.ts';
import { type CheckedPeer, startCheckedPeer } from './checked-peer.ts';
import { RuleBroken } from './rules.ts';
import type { CheckTargets } from './targets.ts';

const PARENT = join(import.meta.dirname, 'parent.ts');

/** What all checks share: the targets, and a way to start a peer. */
export interface Stage {
  readonly targets: CheckTargets;
  /** The time limit for each answer of a peer, and for its end. */
  readonly limitMs: number;
  /** Starts the peer, gives it to a check, and ends it; with `parent`, under a process that the check can kill. */
  withPeer<Result>(check: (peer: CheckedPeer) => Promise<Result>, parent?: boolean): Promise<Result>;
}

/** One behaviour that a peer must have. */
export interface Check {
  readonly name: string;
  /**
   * Runs the check.
   *
   * @returns details of a passed check; may be empty
   * @throws RuleBroken
   */
  run(stage: Stage): Promise<string>;
}

/** The result of a check: the peer's behaviour, and the rule of the document that it broke, if any. */
export interface CheckResult {
  readonly name: string;
  readonly detail: string;
  /** In the document's words; null if the check passed. */
  readonly rule: string | null;
}

/**
 * Makes a stage from running targets.
 *
 * @param command starts the peer
 * @param limitMs the time limit for each answer, and for the peer's end
 * @param signal ends the peer
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

/** A check that starts a new peer and ends it. */
export function peerCheck(name: string, run: (peer: CheckedPeer, stage: Stage) => Promise<void>): Check {
  return {
    name,
    async run(stage) {
      await stage.withPeer((peer) => run(peer, stage));
      return '';
    },
  };
}

/** Runs one check. @throws errors other than RuleBroken */
export async function resultOf({ name, run }: Check, stage: Stage): Promise<CheckResult> {
  try {
    return { name, detail: await run(stage), rule: null };
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error;
    return { name, detail: error.message, rule: error.rule };
  }
}
