/** Measures two sides in alternating rounds, for `compare --base`. */
import { randomInt } from 'node:crypto';
import { LEAST_ROUNDS } from '../harness/findings/general.ts';
import {
  type Alternation,
  alternate,
  type BothSides,
  type RoundWork,
} from '../harness/measure/checkout/alternate.ts';
import { type StopRule, stopRule } from '../harness/measure/conduct/stop-rule.ts';
import { nameOf, type RowPlace } from '../harness/report/comparison/compared-rows.ts';
import { type ComparedRow, type Comparison, compareRuns } from '../harness/report/comparison/comparison.ts';
import { withControls, withRepeats } from '../harness/report/comparison/further-rows.ts';
import { isSettled, type JudgedRow } from '../harness/report/comparison/verdicts.ts';
import { createStatusLine } from '../harness/report/progress.ts';
import type { Asked } from './compare.ts';

/** What to measure, and for which rows. */
export interface Aim {
  /** What the first round measures. */
  readonly first: RoundWork;
  /** What the rounds after it measure, until a verdict can be had; the same if left out. */
  readonly later?: RoundWork;
  /** The rows that need a verdict; all rows if null. */
  readonly rows: readonly RowPlace[] | null;
}

/** The state after a round. */
export interface Known {
  readonly sides: BothSides;
  readonly comparison: Comparison;
  readonly round: number;
  /** The time since the start. */
  readonly elapsedMs: number;
}

/** When rounds end. */
export interface Limits {
  /** The most rounds of a row. */
  readonly rounds: number;
  readonly withinMs: number;
}

/**
 * Whether a row of a comparison has rounds enough: each row by itself, so that one borderline row does not keep the others
 * going.
 *
 * @param margin as a share, see `compare`
 */
export function rowRule(margin: number, { rounds, withinMs }: Limits): StopRule<JudgedRow> {
  const isAnswered = (row: JudgedRow) => isSettled(row, margin, rounds);
  return stopRule({ leastRounds: LEAST_ROUNDS, mostRounds: rounds, isAnswered, withinMs });
}

/**
 * What the round after a state measures: only rows that have not rounds enough, with the A/A pairs of their groups.
 *
 * @returns null if no row needs a further round
 */
export function workAfter(
  { comparison, sides, round, elapsedMs }: Known,
  aim: Aim,
  limits: Limits,
): RoundWork | null {
  if (round < LEAST_ROUNDS) return aim.later ?? aim.first;
  const isEnough = rowRule(comparison.margin, limits);
  const open = aimedAt(comparison, aim).filter(
    (row) => !isEnough({ measured: row, rounds: row.rounds.after, elapsedMs }),
  );
  const records = [...sides.before, ...sides.after];
  return open.length === 0 ? null : withControls(withRepeats(open, records), records);
}

/** The rows that need a verdict. */
function aimedAt({ rows }: Comparison, aim: Aim): ComparedRow[] {
  const names = aim.rows === null ? null : new Set(aim.rows.map(nameOf));
  return rows.filter((row) => names === null || names.has(nameOf(row)));
}

/**
 * Runs alternating rounds until each row has rounds enough.
 *
 * @param keep takes the records of all rounds so far, after each round
 * @throws as `alternate`; Incomparable, as `compareRuns`
 */
export async function measureBoth(
  checkouts: Pick<Alternation, 'before' | 'after'>,
  aim: Aim,
  { options: { margin, strict = false, profile, rounds, within }, io }: Asked,
  keep: (sides: BothSides) => void,
): Promise<Comparison> {
  const compareSides = ({ before, after }: BothSides, strictly: boolean) =>
    compareRuns(before, after, { margin, strict: strictly, paired: true });
  const limits = { rounds, withinMs: within * 60_000 };
  const startMs = performance.now();
  /** The finished rounds, with what they tell. */
  let known: Known | null = null;
  let roundMs = 0;
  const next = () => (known === null ? aim.first : workAfter(known, aim, limits));
  const status = createStatusLine('at most');
  try {
    const seed = randomInt(2 ** 32);
    for await (const event of alternate({ ...checkouts, profile, seed, next }, io.signal)) {
      const { round } = event;
      const elapsedMs = performance.now() - startMs;
      if (event.type === 'side started') {
        const leftMs = timeLeftMs({ round, roundMs, elapsedMs }, limits);
        status.show(`Round ${round} of at most ${rounds}${undecided(known, aim)}`, event.side, leftMs);
        continue;
      }
      const { sides } = event;
      keep(sides);
      // Whether the sides are comparable is known after the first round; whether they can be trusted, after all rounds.
      if (round === 1 && strict) compareSides(sides, true);
      roundMs = elapsedMs - (known?.elapsedMs ?? 0);
      known = { sides, comparison: compareSides(sides, false), round, elapsedMs };
    }
  } catch (error) {
    // After an interrupt, the finished rounds are shown.
    if (!io.signal.aborted || known === null) throw error;
    return known.comparison;
  } finally {
    status.stop();
  }
  return strict ? compareSides(known!.sides, true) : known!.comparison;
}

/** The number of rows without a verdict, for the status line; empty before the first round. */
function undecided(known: Known | null, aim: Aim): string {
  if (known === null) return '';
  const rows = aimedAt(known.comparison, aim);
  const open = rows.filter(({ verdict }) => verdict === 'inconclusive').length;
  return `, ${open} of ${rows.length} rows undecided`;
}

/** The longest remaining time: until the time limit, or until all rounds are done at the pace of the last one. */
function timeLeftMs(
  { round, roundMs, elapsedMs }: { round: number; roundMs: number; elapsedMs: number },
  { rounds, withinMs }: Limits,
): number {
  const done = round - 1;
  if (done === 0) return withinMs;
  const least = (LEAST_ROUNDS - done) * roundMs;
  return Math.max(least, Math.min((rounds - done) * roundMs, withinMs - elapsedMs + roundMs));
}
