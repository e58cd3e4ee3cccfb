/** The knees of rows that differ in one limit: where a larger one stops to pay, as far as that is proven. */
import type { Row } from '../model/row.ts';
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

/**
 * The knee of the rows of one group.
 *
 * @param limitOf the limit of a row; no two rows have the same
 * @param gain as a share of throughput, see `kneeOf`
 * @returns null without rows, or if no interval shows where the knee is
 */
export function groupKnee(
  group: string,
  rows: readonly Row[],
  limitOf: (row: Row) => number,
  gain: number,
): GroupKnee | null {
  if (rows.length === 0) return null;
  const knee = kneeOf(
    rows.map((row) => ({ limit: limitOf(row), time: row.time })),
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
