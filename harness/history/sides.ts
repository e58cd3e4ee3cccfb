/** Both sides of a speedup around a change. */
import { median } from 'simple-statistics';
import type { HistoryChange } from './changes.ts';
import type { Point } from './series.ts';

/** How many runs on each side are looked at. */
const NEAR = 6;

/** The median times of a row and of its baseline, in ms, before and after a change. */
export interface Sides {
  readonly rowMs: readonly [before: number, after: number];
  readonly baselineMs: readonly [before: number, after: number];
}

/** The times in the six runs before a step and in the six after it; of a drift, in its first and last six. */
export function sidesOf({ series: { points }, kind, nearest }: HistoryChange): Sides {
  const at = kind === 'drift' ? Math.ceil(points.length / 2) : points.indexOf(nearest[1]);
  const [before, after] = [points.slice(0, at), points.slice(at)];
  const near =
    kind === 'drift'
      ? [before.slice(0, NEAR), after.slice(-NEAR)]
      : [before.slice(-NEAR), after.slice(0, NEAR)];
  const both = (timeOf: (point: Point) => number) =>
    [median(near[0]!.map(timeOf)), median(near[1]!.map(timeOf))] as const;
  return {
    rowMs: both(({ row }) => row.timeMs.value),
    baselineMs: both(({ row }) => row.baselineTimeMs.value),
  };
}
