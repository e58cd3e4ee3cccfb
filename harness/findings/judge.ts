/** What a row proves. Whatever calls a row faster, slower or tied takes it from here. */
import type { Estimate, Metric, Row } from '../model/row.ts';
import { timesAsLong } from '../statistics/speedup.ts';

/** `tied`: the interval holds 1. `unproven`: there is no interval, or the work was not the same. */
export type Verdict = 'faster' | 'slower' | 'tied' | 'unproven';

/** A verdict with the numbers for it. */
export interface Judgement {
  readonly verdict: Verdict;
  /** How many times as fast, with its 95 % interval. */
  readonly ratio: Estimate;
}

/** What a ratio of speeds proves: above 1 is faster. */
export function judgeRatio(ratio: Estimate): Judgement {
  const { low, high } = ratio;
  if (low === null || high === null) return { verdict: 'unproven', ratio };
  return { verdict: low > 1 ? 'faster' : high < 1 ? 'slower' : 'tied', ratio };
}

/** What a row proves beside its baseline. */
export function judge({ speedup, sameWork }: Row): Judgement {
  return sameWork ? judgeRatio(speedup) : { verdict: 'unproven', ratio: speedup };
}

/**
 * What a row proves beside another one of its group: by the interval where one of the two is the baseline, and elsewhere
 * by whether the intervals of both speedups lie apart, which is more than 95 % sure.
 *
 * @returns the ratio has no interval where neither is the baseline
 */
export function judgeBeside(own: Row, other: Row): Judgement {
  const ratio = timesAsLong(other, own);
  if (!own.sameWork || !other.sameWork) return { verdict: 'unproven', ratio };
  if (own.baseline || other.baseline) return { ...judgeRatio(ratio), ratio };
  const [mine, its] = [own.speedup, other.speedup];
  if (mine.low === null || mine.high === null || its.low === null || its.high === null)
    return { verdict: 'unproven', ratio };
  return { verdict: mine.low > its.high ? 'faster' : mine.high < its.low ? 'slower' : 'tied', ratio };
}

/** What a row's metric proves beside that of another one: by whether their intervals lie apart. */
export function judgeMetric(
  own: Row,
  other: Row,
  { name, better }: Metric,
): 'better' | 'worse' | 'tied' | 'unproven' {
  const [mine, its] = [own.metricIntervals[name], other.metricIntervals[name]];
  if (better === 'neither' || mine === undefined || its === undefined) return 'unproven';
  if (mine.low === null || mine.high === null || its.low === null || its.high === null) return 'unproven';
  if (mine.low <= its.high && mine.high >= its.low) return 'tied';
  return mine.low > its.high === (better === 'higher') ? 'better' : 'worse';
}

/** Rows from the fastest to the slowest, as far as that is proven. */
export interface Ranking {
  /** The fastest, and then those that are tied with it. */
  readonly fastest: readonly [Row, ...Row[]];
  /** The slowest; null where it is tied with the fastest. */
  readonly slowest: Row | null;
}

/**
 * Orders the rows of one group that do the same work.
 *
 * @returns null where there are fewer than two that have an interval, or are the baseline
 */
export function rank(rows: readonly Row[]): Ranking | null {
  const known = rows.filter(
    ({ baseline, speedup, sameWork }) => sameWork && (baseline || speedup.low !== null),
  );
  const speedOf = ({ baseline, speedup }: Row) => (baseline ? 1 : speedup.value);
  const [first, ...others] = known.toSorted((one, other) => speedOf(other) - speedOf(one));
  const last = others.at(-1);
  if (first === undefined || last === undefined) return null;
  const tied = others.filter((row) => judgeBeside(first, row).verdict !== 'faster');
  return { fastest: [first, ...tied], slowest: tied.includes(last) ? null : last };
}
