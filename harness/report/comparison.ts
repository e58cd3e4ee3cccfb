import type { Estimate } from '../model.ts';
import type { RunRecord } from '../record.ts';
import { type Change, compare } from '../statistics/comparison.ts';
import { speedupOfLogs } from '../statistics/speedup.ts';
import {
  differences,
  distrust,
  Incomparable,
  pairRecords,
  refuseOtherBaselines,
  refuseOtherWork,
} from './comparability.ts';
import { measuredRows, pairRows, type RowPlace, sidesOf } from './compared-rows.ts';
import { type LackingSides, lackingIn, missingFrom, unfinishedLines } from './left-out.ts';

/** One row that both runs have. */
export interface ComparedRow extends RowPlace, Change {
  readonly headline: boolean;
  readonly before: Estimate;
  readonly after: Estimate;
}

/** What two runs say together. */
export interface Comparison {
  readonly margin: number;
  readonly rows: readonly ComparedRow[];
  /** Rows that one run has and the other has not, as `crawl, semaphore@10`. */
  readonly onlyBefore: readonly string[];
  readonly onlyAfter: readonly string[];
  /** What either run lacks, and why. */
  readonly lacking: LackingSides;
  /** What makes them less alike than they should be, one sentence each. */
  readonly warnings: readonly string[];
  /** Rows that regressed when they were measured again, and rows that then did not; null where nothing was. */
  readonly again: { readonly confirmed: readonly string[]; readonly refuted: readonly string[] } | null;
}

/**
 * Compares the speedups of two runs.
 *
 * @param margin as a share, see `compare`
 * @param strict refuses what is otherwise a warning
 * @param paired both were measured in the same rounds
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
    refuseOtherBaselines(pair);
  }
  const warnings = [...differences(shared), ...distrust(before, after)];
  if (strict && warnings.length > 0) throw new Incomparable(`With --strict: ${warnings.join(' ')}`);
  // A baseline's speedup is 1 by definition.
  const rowsOf = (records: readonly RunRecord[]) =>
    records.flatMap(measuredRows).filter(({ baseline }) => !baseline);
  const [rowsBefore, rowsAfter] = [rowsOf(before), rowsOf(after)];
  const pairs = pairRows(rowsBefore, rowsAfter, paired);
  const lacking = { before: lackingIn(before, after), after: lackingIn(after, before) };
  if (pairs.length === 0)
    throw new Incomparable(`The two runs share no row that could be compared${reasonsOf(lacking)}`);
  const sides = pairs.map((pair) => sidesOf(pair.before.logSpeedups, pair.after.logSpeedups, paired));
  const changes = compare(sides, margin, paired);
  return {
    margin,
    rows: pairs.map(({ after: { experiment, group, variant, headline } }, index) => ({
      experiment,
      group,
      variant,
      headline,
      before: speedupOfLogs(sides[index]!.before),
      after: speedupOfLogs(sides[index]!.after),
      ...changes[index]!,
    })),
    onlyBefore: missingFrom(rowsAfter, rowsBefore),
    onlyAfter: missingFrom(rowsBefore, rowsAfter),
    lacking,
    warnings,
    again: null,
  };
}

/** The end of a sentence that says why rows are missing. */
function reasonsOf(lacking: LackingSides): string {
  const reasons = unfinishedLines(lacking);
  return reasons.length === 0 ? '.' : `: ${reasons.join(' ')}`;
}
