/** Which rows of a history changed: the rule behind every alarm. */
import type { Estimate } from '../model/row.ts';
import { holm } from '../statistics/holm.ts';
import { exponential } from '../statistics/speedup.ts';
import {
  isLineBetter,
  LEAST_SIDE,
  LEAST_VALUES,
  likeliestStep,
  lineOf,
  stepsOf,
} from '../statistics/steps.ts';
import type { Point, Series } from './series.ts';

/** The largest share of histories without a change in which any row may alarm. */
const ALPHA = 0.05;
/** The default margin: smaller changes are not told. */
export const HISTORY_MARGIN = 0.02;

/** A change of one series. */
export interface HistoryChange {
  readonly series: Series;
  /** A drift changes a little from run to run; a step, between two runs. */
  readonly kind: 'step' | 'drift';
  /** Speedup after / speedup before; of a drift, from its first run to its last, without an interval. */
  readonly ratio: Estimate;
  /** The last run that is surely before the change, and the first that is surely after it. */
  readonly between: readonly [Point, Point];
  /** The two runs that it most likely lies between; of a drift, the first and the last. */
  readonly nearest: readonly [Point, Point];
}

/** What a history says of its rows. */
export interface HistoryChanges {
  readonly changes: readonly HistoryChange[];
  /** Series without enough runs for any change to be proven. */
  readonly tooShort: readonly Series[];
  /** How many runs a series needs, so that a change can be proven among as many rows. */
  readonly leastRuns: number;
}

/**
 * Finds changes of speedups, one figure a run. For each series of at least 12 runs there are two questions: is there a step
 * (its place by E-divisive, its p by the rank-sum test), and is there a trend (Mann and Kendall)? The smaller p, doubled,
 * goes into Holm's procedure over all rows. What is below the margin has a p of 1.
 *
 * @param all the series, of which those of baselines have no speedup and are left out
 * @param margin as a share
 */
export function changesOf(all: readonly Series[], margin = HISTORY_MARGIN): HistoryChanges {
  const rows = all.filter(({ baseline }) => !baseline);
  const long = rows.filter(({ points }) => points.length >= LEAST_VALUES);
  const leastRuns = leastRunsFor(Math.max(1, long.length));
  const least = Math.log1p(margin);
  const asked = long.map((series) => {
    const values = series.points.map(({ row }) => Math.log(row.speedup.value));
    const step = likeliestStep(values);
    const line = lineOf(values);
    const pOfStep = step !== null && Math.abs(step.change) > least ? step.p : 1;
    const pOfLine = Math.abs(line.change) > least ? line.p : 1;
    return { series, values, line, pOfLine, p: Math.min(1, 2 * pOfStep, 2 * pOfLine) };
  });
  const levels = holm(
    asked.map(({ p }) => p),
    ALPHA,
  );
  const changes = asked.flatMap(({ series, values, line, pOfLine }, index): HistoryChange[] => {
    const level = levels[index];
    if (level == null) return [];
    const { points } = series;
    const steps = stepsOf(values, level / 2, least);
    if (pOfLine <= level / 2 && isLineBetter(values, line, steps)) {
      const ends = [points[0]!, points.at(-1)!] as const;
      const ratio = { value: Math.exp(line.change), low: null, high: null };
      return [{ series, kind: 'drift', ratio, between: ends, nearest: ends }];
    }
    return steps.map(({ at, between: [before, after], change }) => ({
      series,
      kind: 'step',
      ratio: exponential(change),
      between: [points[before]!, points[after]!],
      nearest: [points[at - 1]!, points[at]!],
    }));
  });
  return { changes, tooShort: rows.filter(({ points }) => points.length < leastRuns), leastRuns };
}

/** The fewest runs of which the clearest step in the middle is proven among this many rows. */
export function leastRunsFor(rows: number): number {
  for (let runs = LEAST_VALUES; ; runs++) {
    const places = runs - 2 * LEAST_SIDE + 1;
    if (2 * places * leastP(Math.floor(runs / 2), Math.ceil(runs / 2)) * rows <= ALPHA) return runs;
  }
}

/** The smallest p of the rank-sum test: two of all arrangements. */
function leastP(m: number, n: number): number {
  let arrangements = 1;
  for (let one = 1; one <= m; one++) arrangements *= (n + one) / one;
  return 2 / arrangements;
}
