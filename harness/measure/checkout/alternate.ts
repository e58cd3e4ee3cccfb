import { join } from 'node:path';
import type { ProfileName } from '../../model/experiment.ts';
import { readRecords } from '../../record/record-files.ts';
import type { RunRecord } from '../../record/schema.ts';
import { type ChosenRow, isChosen, rowVariables } from '../plan/chosen-rows.ts';
import { createPositions } from '../plan/round-entries.ts';
import { lastWordsOf, runProgram } from '../process/program.ts';
import { measuredVariables } from '../process/variables.ts';
import type { Checkout } from './checkout.ts';
import { openFolder } from './folders.ts';

/** The part of the work that one round measures. */
export interface RoundWork {
  /** Experiments; all of them where empty. */
  readonly names: readonly string[];
  /** The only rows of these experiments; all rows if null. */
  readonly rows: readonly ChosenRow[] | null;
}

/** The same work on two states of a project. */
export interface Alternation {
  readonly before: Checkout;
  readonly after: Checkout;
  readonly profile: ProfileName;
  readonly seed: number;
  /** What the next round measures; null ends. Once left out, a row must not come back: its rounds are the first ones. */
  next(): RoundWork | null;
}

/** Records of both sides, one for each experiment. A row has as many rounds on both sides. */
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
 * Runs two states of a project in alternating rounds on this machine. Every round of a side is a separate run in
 * fresh processes. Some conditions vary by process: memory layout, JIT decisions. They then add to the spread between
 * rounds instead of looking like a difference between the sides. Two rounds in one process would share them, and count
 * twice in an interval that takes rounds for independent. More samples of a process belong into repeats.
 *
 * An older commit measures all rows of an experiment. From then on so do both sides, since what runs beside a row may
 * change its time.
 *
 * @returns events, until `next` ends it or the caller stops iterating; its temporary folder is then removed
 * @throws one sentence if a side's run fails; the abort reason of `signal`
 */
export async function* alternate(
  { before, after, profile, seed, next }: Alternation,
  signal: AbortSignal,
): AsyncGenerator<SideStarted | BothFinished, void> {
  const scratch = openFolder('alternate');
  const runs: { before: RunRecord[][]; after: RunRecord[][] } = { before: [], after: [] };
  const checkouts = { before, after };
  let canChoose: 'unknown' | 'yes' | 'no' = 'unknown';
  try {
    for (let round = 1; ; round++) {
      const work = next();
      if (work === null) return;
      let rows: RoundWork['rows'] = canChoose === 'no' ? null : work.rows;
      // The side that goes first may run warmer or colder, so the sides take turns; but first of all whether an older
      // commit can choose rows, and then the other side measures the same.
      const beforeFirst = round % 2 === 1 || (rows !== null && canChoose === 'unknown');
      for (const side of beforeFirst ? (['before', 'after'] as const) : (['after', 'before'] as const)) {
        yield { type: 'side started', round, side };
        const out = join(scratch.directory, `${side}-${round}`);
        const run = { names: work.names, rows, profile, rounds: 1, seed: (seed + round) % 2 ** 32, out };
        await runCheckout(checkouts[side], run, signal);
        const records = readRecords(out);
        runs[side].push(records);
        if (rows === null) continue;
        canChoose = hasOnly(records, rows) ? 'yes' : 'no';
        if (canChoose === 'no') rows = null;
      }
      const sides = { before: joinRounds(runs.before), after: joinRounds(runs.after) };
      yield { type: 'both finished', round, sides };
    }
  } finally {
    scratch.remove();
  }
}

/** Whether records have no row but these. */
function hasOnly(records: readonly RunRecord[], rows: readonly ChosenRow[]): boolean {
  return records.every(({ experiment, variants }) =>
    variants.every((variant) => isChosen(rows, experiment.id, variant)),
  );
}

/** One run of a checkout. */
export interface CheckoutRun {
  /** Experiments; all of them where empty. */
  readonly names: readonly string[];
  /** The only rows to measure; all rows if null. An older commit measures all rows anyway. */
  readonly rows: readonly ChosenRow[] | null;
  readonly profile: ProfileName;
  readonly rounds: number;
  readonly seed: number;
  /** Where its results go. */
  readonly out: string;
  /** The address of a latency server that already runs; if left out, the run starts one. */
  readonly target?: string | undefined;
}

/**
 * Runs bench on a checkout in separate processes.
 *
 * @throws with its last line of output if it fails; the abort reason of `signal`
 */
export async function runCheckout(
  { directory, node, bench }: Checkout,
  { names, rows, profile, rounds, seed, out, target }: CheckoutRun,
  signal: AbortSignal,
): Promise<void> {
  // Peers are the same on both sides, and the report of a single round is unused. Older commits ignore these variables.
  const env = { ...measuredVariables(), OVERLAP_PEERS: 'off', OVERLAP_REPORT: 'off', ...rowVariables(rows) };
  const options = ['--profile', profile, '--rounds', `${rounds}`, '--seed', `${seed}`, '--out', out];
  const elsewhere = target === undefined ? [] : ['--target', target];
  const end = await runProgram(node, [...bench, ...names, ...options, ...elsewhere], {
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
 * @param runs the first has all rows; later ones may lack experiments and rows, which then have fewer rounds
 */
export function joinRounds(runs: readonly (readonly RunRecord[])[]): RunRecord[] {
  const all = runs.flatMap((records, index) => records.map((record) => ({ record, round: index + 1 })));
  return [...Map.groupBy(all, ({ record }) => record.experiment.id).values()].map(joinExperiment);
}

/** The rounds of one experiment, in their order. */
type Rounds = readonly { readonly record: RunRecord; readonly round: number }[];

function joinExperiment(rounds: Rounds): RunRecord {
  const { record } = rounds[0]!;
  const positionOf = createPositions(record.experiment.id, record.variants);
  const positions = rounds.map(({ record: { variants } }) => variants.map(positionOf));
  return {
    ...record,
    // Sentences about one round need not hold for all rounds.
    words: null,
    rounds: rounds.length,
    variants: record.variants.map((variant, index) => ({
      ...variant,
      rounds: positions.filter((present) => present.includes(index)).length,
    })),
    samples: rounds.flatMap(({ record: { samples }, round }, index) =>
      samples.map((sample) => ({ ...sample, round, variant: positions[index]![sample.variant]! })),
    ),
  };
}
