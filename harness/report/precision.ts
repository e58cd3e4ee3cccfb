import { ratiosOf } from '../findings/finished.ts';
import type { Estimate } from '../model/row.ts';
import type { RunRecord } from '../record/schema.ts';
import { speedupOfLogs } from '../statistics/speedup.ts';

/** Half the width of an interval as a share of its middle, on the logarithm: 0.02 is ±2 %. Infinite without one. */
export function halfWidth({ low, high }: Estimate): number {
  return low === null || high === null || low <= 0 ? Number.POSITIVE_INFINITY : Math.sqrt(high / low) - 1;
}

/**
 * Whether the speedup of each of our headline rows is known to within this share. Rows that get no further rounds do not
 * count: failed rows, and rows that run, or whose baseline runs, in a few rounds only.
 */
export function isPrecise(record: RunRecord, share: number): boolean {
  const roundsOfBaseline = (group: string) =>
    record.variants.find((variant) => variant.baseline && variant.group === group)?.rounds ?? 0;
  return ratiosOf(record)
    .filter(
      ({ variant: { headline, peer, baseline, error } }) =>
        headline && peer === null && !baseline && error === undefined,
    )
    .filter(({ variant, logs }) => logs.length < Math.min(variant.rounds, roundsOfBaseline(variant.group)))
    .every(({ logs }) => logs.length > 0 && halfWidth(speedupOfLogs(logs)) <= share);
}
