import type { Estimate, Warning } from '../../model/row.ts';
import type { RunRecord } from '../../record/schema.ts';
import { type Change, compare, type Verdict } from '../../statistics/comparison.ts';
import { speedupOfLogs } from '../../statistics/speedup.ts';
import {
  differences,
  distrust,
  Incomparable,
  pairRecords,
  refuseOtherBaselines,
  refuseOtherWork,
} from './comparability.ts';
import {
  type MeasuredRow,
  measuredRows,
  pairRows,
  type RowPair,
  type RowPlace,
  sidesOf,
} from './compared-rows.ts';
import { type LackingSides, lackingIn, missingFrom, unfinishedLines } from './left-out.ts';

/** What became of a row; `not confirmed` is one that regressed, and did not when it was measured again. */
export type RowVerdict = Verdict | 'not confirmed';

/** What one measurement of both runs says of a row. */
export interface RowFigures {
  /** How many rounds of what decides there are. */
  readonly rounds: { readonly before: number; readonly after: number };
  /** Its speedup in either run; of a baseline 1. */
  readonly before: Estimate;
  readonly after: Estimate;
  /** Speedup after / speedup before. */
  readonly ratio: Estimate;
  /** Its time in either run, in ms. */
  readonly beforeMs: Estimate;
  readonly afterMs: Estimate;
  /** Time after / time before, where times decide; otherwise null. */
  readonly timeRatio: Estimate | null;
  /** Of no change in what decides, two-sided. */
  readonly p: number;
}

/** One row that both runs have. */
export interface ComparedRow extends RowPlace, RowFigures {
  readonly baseline: boolean;
  readonly headline: boolean;
  readonly verdict: RowVerdict;
  /** Of a row that regressed: the same row when it was measured again. */
  readonly again?: ComparedRow;
}

/** A baseline whose own time changed by more than the margin between separate runs. */
export interface MovedBaseline extends RowPlace, Pick<RowFigures, 'beforeMs' | 'afterMs'> {
  /** Time after / time before. */
  readonly timeRatio: Estimate;
}

/** What two runs say together. */
export interface Comparison {
  readonly margin: number;
  /** What the verdicts are of: times, where both sides ran here in turn, and otherwise speedups. */
  readonly decidedBy: 'time' | 'speedup';
  readonly rows: readonly ComparedRow[];
  /** None where times decide, since baselines then are rows like others. */
  readonly movedBaselines: readonly MovedBaseline[];
  /** Rows that one run has and the other has not, as `crawl, semaphore@10`. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** What either run lacks, and why. */
  readonly lacking: LackingSides;
  /** What makes them less alike than they should be. */
  readonly warnings: readonly Warning[];
  /** Rows that regressed when they were measured again, and rows that then did not; null where nothing was. */
  readonly again: { readonly confirmed: readonly string[]; readonly refuted: readonly string[] } | null;
}

/**
 * Compares two runs: the times of every row where both sides were measured here in turn, and otherwise the speedups over
 * their baselines, which carry from machine to machine.
 *
 * @param margin as a share, see `compare`
 * @param strict refuses what is otherwise a warning
 * @param paired both were measured in the same rounds, in turn
 * @throws Incomparable where the runs did other work, share no row, or differ under `strict`
 */
export function compareRuns(
  before: readonly RunRecord[],
  after: readonly RunRecord[],
  {
    margin,
    strict = false,
    paired = false,
  }: { readonly margin: number; readonly strict?: boolean; readonly paired?: boolean },
): Comparison {
  const shared = pairRecords(before, after);
  for (const pair of shared) {
    refuseOtherWork(pair);
    if (!paired) refuseOtherBaselines(pair);
  }
  const warnings = [...differences(shared, paired), ...distrust(before, after)];
  if (strict && warnings.length > 0)
    throw new Incomparable(`With --strict: ${warnings.map(({ what }) => what).join(' ')}`);
  const [rowsBefore, rowsAfter] = [before.flatMap(measuredRows), after.flatMap(measuredRows)];
  const lacking = { before: lackingIn(before, after), after: lackingIn(after, before) };
  // A baseline's speedup is 1 by definition.
  const judgedOf = (rows: readonly MeasuredRow[]) =>
    paired ? rows : rows.filter(({ baseline }) => !baseline);
  const judged = pairRows(judgedOf(rowsBefore), judgedOf(rowsAfter), paired);
  if (judged.length === 0)
    throw new Incomparable(`The two runs share no row that could be compared${reasonsOf(lacking)}`);
  return {
    margin,
    decidedBy: paired ? 'time' : 'speedup',
    rows: paired ? compareTimes(judged, margin) : compareSpeedups(judged, margin),
    movedBaselines: paired ? [] : movedBaselinesOf(pairRows(rowsBefore, rowsAfter, false), margin),
    onlyBefore: missingFrom(rowsAfter, judgedOf(rowsBefore)),
    onlyAfter: missingFrom(rowsBefore, judgedOf(rowsAfter)),
    lacking,
    warnings,
    again: null,
  };
}

/** Rows of sides that ran in turn, round by round. */
function compareTimes(pairs: readonly RowPair[], margin: number): ComparedRow[] {
  const speedups = changesOf(pairs, 'logSpeedups', margin, true);
  return changesOf(pairs, 'logSpeeds', margin, true).map(({ ratio, ...change }, index) => ({
    ...figuresOf(pairs[index]!, true),
    ratio: speedups[index]!.ratio,
    timeRatio: inverseOf(ratio),
    ...change,
  }));
}

/** Rows of separate runs. */
function compareSpeedups(pairs: readonly RowPair[], margin: number): ComparedRow[] {
  return changesOf(pairs, 'logSpeedups', margin, false).map((change, index) => ({
    ...figuresOf(pairs[index]!, false),
    timeRatio: null,
    ...change,
  }));
}

/** Of speedups, what slows a baseline and its rows alike cancels. */
function movedBaselinesOf(pairs: readonly RowPair[], margin: number): MovedBaseline[] {
  const baselines = pairs.filter(({ after }) => after.baseline);
  return changesOf(baselines, 'logSpeeds', margin, false).flatMap(({ ratio, verdict }, index) => {
    if (verdict !== 'regressed' && verdict !== 'improved') return [];
    const { experiment, group, variant, beforeMs, afterMs } = figuresOf(baselines[index]!, false);
    return [{ experiment, group, variant, beforeMs, afterMs, timeRatio: inverseOf(ratio) }];
  });
}

/** How a figure of each row changed; a greater one is faster. */
function changesOf(
  pairs: readonly RowPair[],
  figure: 'logSpeedups' | 'logSpeeds',
  margin: number,
  paired: boolean,
): Change[] {
  return compare(
    pairs.map(({ before, after }) => sidesOf(before[figure], after[figure], paired)),
    margin,
    paired,
  );
}

/** What either run says of a row by itself. */
function figuresOf(
  { before, after }: RowPair,
  paired: boolean,
): Omit<ComparedRow, 'ratio' | 'timeRatio' | 'p' | 'verdict' | 'again'> {
  const { experiment, group, variant, baseline, headline } = after;
  const speedups = sidesOf(before.logSpeedups, after.logSpeedups, paired);
  const speeds = sidesOf(before.logSpeeds, after.logSpeeds, paired);
  const decisive = paired ? speeds : speedups;
  const timeOf = (logs: readonly number[]) => inverseOf(speedupOfLogs(logs));
  return {
    experiment,
    group,
    variant,
    baseline,
    headline,
    rounds: { before: decisive.before.length, after: decisive.after.length },
    before: speedupOfLogs(speedups.before),
    after: speedupOfLogs(speedups.after),
    beforeMs: timeOf(speeds.before),
    afterMs: timeOf(speeds.after),
  };
}

function inverseOf({ value, low, high }: Estimate): Estimate {
  const inverse = (bound: number | null) => (bound === null ? null : 1 / bound);
  return { value: 1 / value, low: inverse(high), high: inverse(low) };
}

/** The end of a sentence that says why rows are missing. */
function reasonsOf(lacking: LackingSides): string {
  const reasons = unfinishedLines(lacking);
  return reasons.length === 0 ? '.' : `: ${reasons.join(' ')}`;
}
