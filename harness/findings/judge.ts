/** Verdicts on rows. All code that calls a row faster, slower or tied uses this module. */
import type { Estimate, Metric, Row } from '../model/row.ts';
import { timesAsLong } from '../statistics/speedup.ts';

/** `tied`: the interval holds 1. `unproven`: there is no interval, or the work was not the same. */
export type Verdict = 'faster' | 'slower' | 'tied' | 'unproven';

/** A verdict with its ratio. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The ratio of speeds, with its 95 % interval. */
  readonly ratio: Estimate;
}

/** The verdict on a ratio of speeds; above 1 is faster. */
export function judgeRatio(ratio: Estimate): Judgement {
  const { low, high } = ratio;
  if (low === null || high === null) return { verdict: 'unproven', ratio };
  return { verdict: low > 1 ? 'faster' : high < 1 ? 'slower' : 'tied', ratio };
}

/** The verdict on a row relative to its baseline. */
export function judge({ speedup, sameWork }: Row): Judgement {
  return sameWork ? judgeRatio(speedup) : { verdict: 'unproven', ratio: speedup };
}

/**
 * The verdict on a row relative to another of its group. If one of the two is the baseline, the interval decides.
 * Otherwise the intervals of both speedups must be disjoint, which is more than 95 % sure.
 *
 * @returns without an interval of the ratio if neither row is the baseline
 */
export function judgeBeside(own: Row, other: Row): Judgement {
  const ratio = timesAsLong(other, own);
  if (!own.sameWork || !other.sameWork) return { verdict: 'unproven', ratio };
  if (own.baseline || other.baseline) return { ...judgeRatio(ratio), ratio };
  const verdicts = { above: 'faster', below: 'slower', overlapping: 'tied', unknown: 'unproven' } as const;
  return { verdict: verdicts[placeBeside(own.speedup, other.speedup)], ratio };
}

/** Where an interval lies beside another one; unknown if either is missing. */
function placeBeside(
  own: Estimate | undefined,
  other: Estimate | undefined,
): 'above' | 'below' | 'overlapping' | 'unknown' {
  const [low, high, otherLow, otherHigh] = [own?.low, own?.high, other?.low, other?.high];
  if (low == null || high == null || otherLow == null || otherHigh == null) return 'unknown';
  return low > otherHigh ? 'above' : high < otherLow ? 'below' : 'overlapping';
}

/** The rows that are proven to be faster than their baselines, the fastest first. */
export function fasterRows(rows: readonly Row[]): Row[] {
  return rows
    .filter((row) => judge(row).verdict === 'faster')
    .toSorted((one, other) => other.speedup.value - one.speedup.value);
}

/** The verdict on a metric of two rows; their intervals must be disjoint for a difference. */
export function judgeMetric(
  own: Row,
  other: Row,
  { name, better }: Metric,
): 'better' | 'worse' | 'tied' | 'unproven' {
  const place = placeBeside(own.metricIntervals[name], other.metricIntervals[name]);
  if (better === 'neither' || place === 'unknown') return 'unproven';
  if (place === 'overlapping') return 'tied';
  return (place === 'above') === (better === 'higher') ? 'better' : 'worse';
}

/** Rows from the fastest to the slowest, as far as that is proven. */
export interface Ranking {
  /** The fastest row, followed by the rows that are tied with it. */
  readonly fastest: readonly [Row, ...Row[]];
  /** The slowest row; null if it is tied with the fastest. */
  readonly slowest: Row | null;
}

/**
 * Orders the rows of one group that do the same work.
 *
 * @returns null if fewer than two rows have an interval or are the baseline
 */
export function rank(rows: readonly Row[]): Ranking | null {
  const known = rows.filter(
    ({ baseline, floor, speedup, sameWork }) => sameWork && !floor && (baseline || speedup.low !== null),
  );
  const speedOf = ({ baseline, speedup }: Row) => (baseline ? 1 : speedup.value);
  const [first, ...others] = known.toSorted((one, other) => speedOf(other) - speedOf(one));
  const last = others.at(-1);
  if (first === undefined || last === undefined) return null;
  const tied = others.filter((row) => judgeBeside(first, row).verdict !== 'faster');
  return { fastest: [first, ...tied], slowest: tied.includes(last) ? null : last };
}
