import { join } from 'node:path';
import type { ProfileName } from '../../model/experiment.ts';
import { readRecords } from '../../record/record-files.ts';
import type { RunRecord } from '../../record/schema.ts';
import { lastWordsOf, runProgram } from '../process/program.ts';
import { measuredVariables } from '../process/variables.ts';
import { type Checkout, openFolder } from './checkout.ts';

/** The same work on two states of this repository. */
export interface Alternation {
  readonly before: Checkout;
  readonly after: Checkout;
  /** Experiments; all of them where empty. */
  readonly names: readonly string[];
  readonly profile: ProfileName;
  /** At most so many rounds. */
  readonly rounds: number;
  readonly seed: number;
}

/** Records of both sides, one for each experiment, with as many rounds. */
export interface BothSides {
  readonly before: readonly RunRecord[];
  readonly after: readonly RunRecord[];
}

/** A side is about to run. */
export interface SideStarted {
  readonly type: 'side started';
  readonly round: number;
  readonly side: keyof BothSides;
}

/** A round is done on both sides. */
export interface BothFinished {
  readonly type: 'both finished';
  readonly round: number;
  /** All that was measured so far. */
  readonly sides: BothSides;
}

/**
 * Runs two states of this repository in alternating rounds on this machine. Every round of a side is a run of its own, in
 * fresh processes: what chance decides once a process (where memory lies, what the compiler makes of the code) is then
 * part of the spread between rounds, and not a difference between the sides.
 *
 * @returns what happens, for as many rounds as somebody listens to; its folder is gone when it ends
 * @throws in one sentence where a side's run fails; what `signal` was aborted with
 */
export async function* alternate(
  { before, after, names, profile, rounds, seed }: Alternation,
  signal: AbortSignal,
): AsyncGenerator<SideStarted | BothFinished, void> {
  const scratch = openFolder('alternate');
  const runs: { before: RunRecord[][]; after: RunRecord[][] } = { before: [], after: [] };
  const checkouts = { before, after };
  try {
    for (let round = 1; round <= rounds; round++) {
      // What goes first is warmer or colder, in turn.
      const order = round % 2 === 1 ? (['before', 'after'] as const) : (['after', 'before'] as const);
      for (const side of order) {
        yield { type: 'side started', round, side };
        const out = join(scratch.directory, `${side}-${round}`);
        const run = { names, profile, rounds: 1, seed: (seed + round) % 2 ** 32, out };
        await runCheckout(checkouts[side], run, signal);
        runs[side].push(readRecords(out));
      }
      const sides = { before: joinRounds(runs.before), after: joinRounds(runs.after) };
      yield { type: 'both finished', round, sides };
    }
  } finally {
    scratch.remove();
  }
}

/** One run of a checkout. */
export interface CheckoutRun {
  /** Experiments; all of them where empty. */
  readonly names: readonly string[];
  readonly profile: ProfileName;
  readonly rounds: number;
  readonly seed: number;
  /** Where its results go. */
  readonly out: string;
  /** The address of a latency server that somebody else started; one of its own where left out. */
  readonly target?: string | undefined;
}

/**
 * Runs a checkout's own bench, in processes of its own.
 *
 * @throws with what it said last where it fails; what `signal` was aborted with
 */
export async function runCheckout(
  { directory, node }: Checkout,
  { names, profile, rounds, seed, out, target }: CheckoutRun,
  signal: AbortSignal,
): Promise<void> {
  // Peers are the same on both sides, and nobody reads the report of a round. An older commit takes no notice.
  const env = { ...measuredVariables(), OVERLAP_PEERS: 'off', OVERLAP_REPORT: 'off' };
  const command = ['--import', './scripts/require-node.js', 'scripts/bench.ts', ...names];
  const options = ['--profile', profile, '--rounds', `${rounds}`, '--seed', `${seed}`, '--out', out];
  const elsewhere = target === undefined ? [] : ['--target', target];
  const end = await runProgram(node, [...command, ...options, ...elsewhere], {
    cwd: directory,
    env,
    signal,
    attended: true,
  });
  if (end.exitCode === 0) return;
  const named = end.stderr.split('\n').findLast((line) => line.startsWith('Error: '));
  const reason = named ?? lastWordsOf(end);
  throw new Error(`A run of ${directory} failed: ${reason.trim()}`);
}

/**
 * One record for each experiment out of runs of one round each; the n-th run becomes round n.
 *
 * @param runs each with the same experiments
 */
export function joinRounds(runs: readonly (readonly RunRecord[])[]): RunRecord[] {
  const [first = []] = runs;
  return first.map((record) => {
    const all = runs.flatMap(
      (records) => records.find(({ experiment }) => experiment.id === record.experiment.id) ?? [],
    );
    return {
      ...record,
      // What was said of one round is not true of all.
      words: null,
      rounds: all.length,
      variants: record.variants.map((variant) => ({ ...variant, rounds: all.length })),
      samples: all.flatMap(({ samples }, index) =>
        samples.map((sample) => ({ ...sample, round: index + 1 })),
      ),
    };
  });
}
