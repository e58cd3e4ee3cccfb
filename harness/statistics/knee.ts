import type { Estimate } from '../model/row.ts';

/** The throughput of the same work at one limit. */
export interface AtLimit {
  readonly limit: number;
  readonly perSecond: Estimate;
}

/** The limit where more concurrency stops to pay. */
export interface Knee {
  readonly limit: number;
  /** The least and the greatest limit that the intervals allow; null if its own throughput has no interval. */
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The least limit after which no greater measured limit gains another `gain` of throughput. A throughput without an
 * interval counts as exact.
 *
 * @param points at least one, with distinct limits
 * @param gain as a share: 0.05 for 5 %
 * @throws RangeError without points
 */
export function kneeOf(points: readonly AtLimit[], gain = 0.05): Knee {
  if (points.length === 0) throw new RangeError('A knee needs at least one point.');
  const ordered = points.toSorted((one, other) => one.limit - other.limit);
  /** The first limit that no later limit beats, if these two ends of the intervals are compared. */
  const first = (own: End, later: End): AtLimit => {
    const rateOf = ({ perSecond }: AtLimit, end: End) => perSecond[end] ?? perSecond.value;
    return ordered.find((point, index) =>
      ordered.slice(index + 1).every((other) => rateOf(other, later) / rateOf(point, own) < 1 + gain),
    )!;
  };
  const { limit, perSecond } = first('value', 'value');
  const [low, high] = [first('high', 'low').limit, first('low', 'high').limit];
  return perSecond.low === null ? { limit, low: null, high: null } : { limit, low, high };
}

type End = keyof Estimate;
