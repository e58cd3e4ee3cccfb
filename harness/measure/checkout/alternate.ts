import { join } from 'node:path';
import type { ProfileName } from '../../model/experiment.ts';
import { readRecords } from '../../record/record-files.ts';
import type { RunRecord } from '../../record/schema.ts';
import { areChosen, type ChosenRow } from '../plan/chosen-rows.ts';
import type { Checkout } from './checkout.ts';
import { openSides } from './checkout-runs.ts';
import { openFolder } from './folders.ts';
import { joinRounds } from './join-rounds.ts';

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
 * An older commit measures other rows than it was asked for, or repeats them less often. Both sides then measure this round
 * anew, and from then on all rows: what runs beside a row may change its time, and a round's figure depends on the repeats.
 *
 * @returns events, until `next` ends it or the caller stops iterating; its temporary folder is then removed
 * @throws one sentence if a side's run fails; the abort reason of `signal`
 */
export async function* alternate(
  { before, after, profile, seed, next }: Alternation,
  signal: AbortSignal,
): AsyncGenerator<SideStarted | BothFinished, void> {
  const scratch = openFolder('alternate');
  const sides = await openSides({ before, after }, signal).catch((error) => {
    scratch.remove();
    throw error;
  });
  const runs: { before: RunRecord[][]; after: RunRecord[][] } = { before: [], after: [] };
  let canChoose: 'unknown' | 'yes' | 'no' = 'unknown';
  try {
    for (let round = 1; ; round++) {
      const work = next();
      if (work === null) return;
      let rows: RoundWork['rows'] = canChoose === 'no' ? null : work.rows;
      // The side that goes first may run warmer or colder, so the sides take turns. But the base shows first whether it can
      // choose rows.
      const beforeFirst = round % 2 === 1 || (rows !== null && canChoose === 'unknown');
      const order = beforeFirst ? (['before', 'after'] as const) : (['after', 'before'] as const);
      const measured = new Map<(typeof order)[number], RunRecord[]>();
      while (measured.size < order.length) {
        const side = order[measured.size]!;
        yield { type: 'side started', round, side };
        const out = join(scratch.directory, `${side}-${round}-${rows === null ? 'all' : 'some'}`);
        const run = { names: work.names, rows, profile, rounds: 1, seed: (seed + round) % 2 ** 32, out };
        await sides[side].run(run);
        const records = readRecords(out);
        if (rows !== null) canChoose = hasOnly(records, rows) ? 'yes' : 'no';
        if (rows !== null && canChoose === 'no') {
          rows = null;
          measured.clear();
        } else measured.set(side, records);
      }
      runs.before.push(measured.get('before')!);
      runs.after.push(measured.get('after')!);
      const joined = { before: joinRounds(runs.before), after: joinRounds(runs.after) };
      yield { type: 'both finished', round, sides: joined };
    }
  } finally {
    await Promise.all([sides.before.end(), sides.after.end()]);
    scratch.remove();
  }
}

/** Whether records have no row but these, as often as they say. */
function hasOnly(records: readonly RunRecord[], rows: readonly ChosenRow[]): boolean {
  return records.every(({ experiment, variants }) => areChosen(rows, experiment.id, variants));
}
