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
  /** The most rounds to run. */
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
  /** All rounds measured so far. */
  readonly sides: BothSides;
}

/**
 * Runs two states of this repository in alternating rounds on this machine. Every round of a side is a separate run in
 * fresh processes. Some conditions vary by process: memory layout, JIT decisions. They then add to the spread between
 * rounds instead of looking like a difference between the sides.
 *
 * @returns events, until `rounds` are done or the caller stops iterating; its temporary folder is then removed
 * @throws one sentence if a side's run fails; the abort reason of `signal`
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
      // The side that goes first may run warmer or colder, so the sides take turns.
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
  /** The address of a latency server that already runs; if left out, the run starts one. */
  readonly target?: string | undefined;
}

/**
 * Runs a checkout's own bench in separate processes.
 *
 * @throws with its last line of output if it fails; the abort reason of `signal`
 */
export async function runCheckout(
  { directory, node }: Checkout,
  { names, profile, rounds, seed, out, target }: CheckoutRun,
  signal: AbortSignal,
): Promise<void> {
  // Peers are the same on both sides, and the report of a single round is unused. Older commits ignore these variables.
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
 * Joins runs of one round each into one record per experiment; the n-th run becomes round n.
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
      // Sentences about one round need not hold for all rounds.
      words: null,
      rounds: all.length,
      variants: record.variants.map((variant) => ({ ...variant, rounds: all.length })),
      samples: all.flatMap(({ samples }, index) =>
        samples.map((sample) => ({ ...sample, round: index + 1 })),
      ),
    };
  });
}
