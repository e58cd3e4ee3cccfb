/** The knees of rows that differ in one limit: where a larger one stops to pay, as far as that is proven. */
import type { Estimate, Row } from '../model/row.ts';
import { type Knee, kneeOf } from '../statistics/knee.ts';

/** The knee of the rows of one group. */
export interface GroupKnee {
  readonly group: string;
  readonly knee: Knee;
  /** The row at the knee. */
  readonly row: Row;
  /** Whether the intervals prove a gain over the least limit. */
  readonly helps: boolean;
  /** Whether it is the largest limit, so that a larger one might gain more. */
  readonly isLargest: boolean;
}

/** What a knee is judged by. */
export interface KneeRule {
  /** The limit of a row; no two rows of a group have the same. */
  limitOf(row: Row): number;
  /** The throughput of a row. */
  perSecondOf(row: Row): Estimate;
  /** As a share of throughput, see `kneeOf`. */
  readonly gain: number;
}

/**
 * The knee of the rows of one group.
 *
 * @returns null without rows, or if no interval shows where the knee is
 */
export function groupKnee(
  group: string,
  rows: readonly Row[],
  { limitOf, perSecondOf, gain }: KneeRule,
): GroupKnee | null {
  if (rows.length === 0) return null;
  const knee = kneeOf(
    rows.map((row) => ({ limit: limitOf(row), perSecond: perSecondOf(row) })),
    gain,
  );
  if (knee.low === null) return null;
  const limits = rows.map(limitOf);
  return {
    group,
    knee,
    row: rows.find((row) => limitOf(row) === knee.limit)!,
    helps: knee.low > Math.min(...limits),
    isLargest: knee.limit === Math.max(...limits),
  };
}

/** How often a second a row's whole batch could run: its time the other way round. */
export function batchesPerSecond({ time: { value, low, high } }: Row): Estimate {
  const rateOf = (timeMs: number | null) => (timeMs === null ? null : 1000 / timeMs);
  return { value: 1000 / value, low: rateOf(high), high: rateOf(low) };
}
