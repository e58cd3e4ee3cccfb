import type { Estimate } from '../model/row.ts';

/** How long the same work took at one limit. */
export interface AtLimit {
  readonly limit: number;
  readonly time: Estimate;
}

/** Where more concurrency stops to pay. */
export interface Knee {
  readonly limit: number;
  /** The least and the greatest limit that the intervals of the times leave possible; null where its own has none. */
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The least limit past which no greater one that was measured gains as much as `gain` in throughput. A time without
 * an interval counts as it is.
 *
 * @param points at least one, with distinct limits
 * @param gain as a share: 0.05 for 5 %
 * @throws RangeError where there is no point
 */
export function kneeOf(points: readonly AtLimit[], gain = 0.05): Knee {
  if (points.length === 0) throw new RangeError('A knee needs at least one point.');
  const ordered = points.toSorted((one, other) => one.limit - other.limit);
  /** The first limit that no later one beats, comparing these two ends of the intervals. */
  const first = (own: End, later: End): AtLimit => {
    const timeMs = ({ time }: AtLimit, end: End) => time[end] ?? time.value;
    return ordered.find((point, index) =>
      ordered.slice(index + 1).every((other) => timeMs(point, own) / timeMs(other, later) < 1 + gain),
    )!;
  };
  const { limit, time } = first('value', 'value');
  const [low, high] = [first('low', 'high').limit, first('high', 'low').limit];
  return time.low === null ? { limit, low: null, high: null } : { limit, low, high };
}

type End = keyof Estimate;
