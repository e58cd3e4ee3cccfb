import type { Estimate, Warning } from '../../model/row.ts';
import type { RunRecord } from '../../record/schema.ts';
import { type Change, compare, type Verdict } from '../../statistics/comparison.ts';
import { inverseOf, speedupOfLogs } from '../../statistics/speedup.ts';
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

/** The verdict on a row; `not confirmed` is a regression that a second measurement did not repeat. */
export type RowVerdict = Verdict | 'not confirmed';

/** The figures of a row from one measurement of both runs. */
export interface RowFigures {
  /** The number of rounds of the deciding figure. */
  readonly rounds: { readonly before: number; readonly after: number };
  /** Its speedup in each run; 1 for a baseline. */
  readonly before: Estimate;
  readonly after: Estimate;
  /** Speedup after / speedup before. */
  readonly ratio: Estimate;
  /** Its time in each run, in ms. */
  readonly beforeMs: Estimate;
  readonly afterMs: Estimate;
  /** Time after / time before if times decide; otherwise null. */
  readonly timeRatio: Estimate | null;
  /** The two-sided p of no change in the deciding figure. */
  readonly p: number;
}

/** One row that both runs have. */
export interface ComparedRow extends RowPlace, RowFigures {
  readonly baseline: boolean;
  readonly headline: boolean;
  readonly verdict: RowVerdict;
  /** For a regressed row: its second measurement. */
  readonly again?: ComparedRow;
}

/** A baseline whose own time changed by more than the margin between separate runs. */
export interface MovedBaseline extends RowPlace, Pick<RowFigures, 'beforeMs' | 'afterMs'> {
  /** Time after / time before. */
  readonly timeRatio: Estimate;
}

/** The comparison of two runs. */
export interface Comparison {
  readonly margin: number;
  /** The deciding figure: times if both sides ran here in turn, otherwise speedups. */
  readonly decidedBy: 'time' | 'speedup';
  readonly rows: readonly ComparedRow[];
  /** Empty if times decide, since baselines are then compared like other rows. */
  readonly movedBaselines: readonly MovedBaseline[];
  /** Rows that only one run has, as `crawl, semaphore@10`. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** The missing rows of each run, and why. */
  readonly lacking: LackingSides;
  /** Differences that weaken the comparison. */
  readonly warnings: readonly Warning[];
  /** What a second measurement told; null where none was asked for. */
  readonly again: {
    /** Rows that regressed again. */
    readonly confirmed: readonly string[];
    /** Rows that did not. */
    readonly refuted: readonly string[];
    /** Regressed rows that are so much slower that they were not measured again. */
    readonly unneeded: readonly string[];
  } | null;
}

/**
 * Compares two runs. If both sides were measured here in turn, it compares the times of all rows. Otherwise it compares
 * the speedups over their baselines, which are comparable between machines.
 *
 * @param margin as a share, see `compare`
 * @param strict refuses differences that are otherwise warnings
 * @param paired both sides were measured in the same rounds, in turn
 * @throws Incomparable if the runs did different work, share no row, or differ under `strict`
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

/** Compares rows of sides that ran in turn, paired by round. */
function compareTimes(pairs: readonly RowPair[], margin: number): ComparedRow[] {
  const speedups = changesOf(pairs, 'logSpeedups', margin, true);
  return changesOf(pairs, 'logSpeeds', margin, true).map(({ ratio, ...change }, index) => ({
    ...figuresOf(pairs[index]!, true),
    ratio: speedups[index]!.ratio,
    timeRatio: inverseOf(ratio),
    ...change,
  }));
}

/** Compares rows of separate runs. */
function compareSpeedups(pairs: readonly RowPair[], margin: number): ComparedRow[] {
  return changesOf(pairs, 'logSpeedups', margin, false).map((change, index) => ({
    ...figuresOf(pairs[index]!, false),
    timeRatio: null,
    ...change,
  }));
}

/** Speedups hide a change that slows a baseline and its rows alike, so baselines with a changed time are listed. */
function movedBaselinesOf(pairs: readonly RowPair[], margin: number): MovedBaseline[] {
  const baselines = pairs.filter(({ after }) => after.baseline);
  return changesOf(baselines, 'logSpeeds', margin, false).flatMap(({ ratio, verdict }, index) => {
    if (verdict !== 'regressed' && verdict !== 'improved') return [];
    const { experiment, group, variant, beforeMs, afterMs } = figuresOf(baselines[index]!, false);
    return [{ experiment, group, variant, beforeMs, afterMs, timeRatio: inverseOf(ratio) }];
  });
}

/** The change of a figure of each row; a greater figure is faster. */
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

/** The figures of a row in each run. */
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

/** The end of a sentence about the reasons for missing rows. */
function reasonsOf(lacking: LackingSides): string {
  const reasons = unfinishedLines(lacking);
  return reasons.length === 0 ? '.' : `: ${reasons.join(' ')}`;
}
