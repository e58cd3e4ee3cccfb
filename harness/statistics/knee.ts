import type { Estimate } from '../model.ts';

/** How long the same work took at one limit. */
export interface AtLimit {
  readonly limit: number;
  readonly time: Estimate;
}

/** Where more concurrency stops to pay. */
export interface Knee {
  readonly limit: number;
  /** The least and the greatest limit that the intervals of the times leave possible; null without intervals. */
  readonly low: number | null;
  readonly high: number | null;
}

/**
 * The least limit past which no greater one that was measured gains as much as `gain` in throughput.
 *
 * @param points at least one, with distinct limits
 * @param gain as a share: 0.05 for 5 %
 * @throws RangeError where there is no point
 */
export function kneeOf(points: readonly AtLimit[], gain = 0.05): Knee {
  if (points.length === 0) throw new RangeError('A knee needs at least one point.');
  const ordered = points.toSorted((one, other) => one.limit - other.limit);
  /** The first limit that no later one beats, comparing these two ends of the intervals. */
  const first = (own: End, later: End): number | null => {
    const found = ordered.find((point, index) =>
      ordered.slice(index + 1).every((other) => {
        const [ownMs, otherMs] = [point.time[own], other.time[later]];
        return ownMs !== null && otherMs !== null && ownMs / otherMs < 1 + gain;
      }),
    );
    return found?.limit ?? null;
  };
  const complete = ordered.every(({ time }) => time.low !== null && time.high !== null);
  return {
    limit: first('value', 'value')!,
    low: complete ? first('low', 'high') : null,
    high: complete ? first('high', 'low') : null,
  };
}

type End = keyof Estimate;
