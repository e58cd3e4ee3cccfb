/** Steps and drifts in a series of figures, one a run. */
import { median } from 'simple-statistics';
import { bestSplit } from './divergence.ts';
import { normalAbove } from './normal.ts';
import { rankSumTest, shift } from './rank-sum.ts';
import type { Centre } from './signed-rank.ts';

/** The fewest values on each side of a step. */
export const LEAST_SIDE = 3;
/** The fewest values in which a step is looked for. */
export const LEAST_VALUES = 12;

/** A place where a series changes its level. */
export interface Step {
  /** The position of the first value after it. */
  readonly at: number;
  /** The last position that is surely before it, and the first that is surely after it, with 95 % confidence. */
  readonly between: readonly [number, number];
  /** The level after minus the level before, with its 95 % interval. */
  readonly change: Centre;
  /** The p of no change, corrected for the choice of the place. */
  readonly p: number;
}

/** Confidence sets of a change point: Hansen, Sample Splitting and Threshold Estimation, Econometrica 68, 2000, table 1. */
const HANSEN_95 = 7.35;

/**
 * The most likely step of a series, with the p of no step. The place is that of E-divisive; sides are tested by the rank-sum
 * test, whose p is multiplied by the number of places that were possible (Bonferroni).
 *
 * Runs that follow each other may share the state of a machine, which the test does not know. So values are whitened before
 * the test: each loses the part that its correlation with the one before explains (von Storch, Misuses of Statistical
 * Analysis in Climate Research, 1995).
 *
 * @returns null below `2 * LEAST_SIDE` values
 */
export function likeliestStep(values: readonly number[]): Likeliest | null {
  const split = bestSplit(values, LEAST_SIDE);
  if (split === null) return null;
  const { at } = split;
  const [before, after] = [values.slice(0, at), values.slice(at)];
  const places = values.length - 2 * LEAST_SIDE + 1;
  const correlation = correlationOf([...residualsOf(before), ...residualsOf(after)]);
  const white = whitened(values, correlation);
  const { p } = rankSumTest(white.slice(0, at), white.slice(at));
  return { at, change: median(after) - median(before), correlation, p: Math.min(1, places * p) };
}

/** The most likely step, before anything is said of it. */
export interface Likeliest {
  readonly at: number;
  /** The median after minus the median before. */
  readonly change: number;
  /** Of neighbours, beside the step; from 0 to below 1. */
  readonly correlation: number;
  /** The p of no change, corrected for the choice of the place. */
  readonly p: number;
}

/**
 * All steps of a series: the most likely one, then those of both sides, as long as each has a p within the level and is
 * larger than the margin.
 *
 * @param level the largest p
 * @param margin the smallest change, in the unit of the values
 * @returns in their order
 */
export function stepsOf(values: readonly number[], level: number, margin: number): Step[] {
  const found = placesIn(values, 0, { level, margin });
  const ends = [0, ...found.map(({ at }) => at), values.length];
  return found.map((place, index) => ({
    ...place,
    change: shift(values.slice(ends[index], place.at), values.slice(place.at, ends[index + 2])),
  }));
}

/** The places of steps in the values from a position on. */
function placesIn(
  values: readonly number[],
  from: number,
  asked: { readonly level: number; readonly margin: number },
): Omit<Step, 'change'>[] {
  const step = likeliestStep(values);
  if (step === null || step.p > asked.level || Math.abs(step.change) <= asked.margin) return [];
  const { at, p, correlation } = step;
  const [before, after] = placesOf(values, at, correlation);
  const own = { at: from + at, between: [from + before, from + after] as const, p };
  return [
    ...placesIn(values.slice(0, at), from, asked),
    own,
    ...placesIn(values.slice(at), from + at, asked),
  ];
}

/**
 * How far neighbours are alike: the correlation of each value with the one before, or 0 if it is negative. Residuals of a
 * fit show too little of it, which is corrected (Marriott and Pope, Bias in the Estimation of Autocorrelations, Biometrika
 * 41, 1954).
 */
function correlationOf(residuals: readonly number[]): number {
  const squares = residuals.reduce((sum, value) => sum + value * value, 0);
  if (squares === 0) return 0;
  const products = residuals.slice(1).reduce((sum, value, index) => sum + value * residuals[index]!, 0);
  const count = residuals.length;
  return Math.min(0.9, Math.max(0, (count * (products / squares) + 1) / (count - 4)));
}

/** Values without what the one before explains; the first one is as far from the second as before. */
function whitened(values: readonly number[], correlation: number): number[] {
  return values.map((value, index) => value - correlation * values[Math.max(0, index - 1)]!);
}

function residualsOf(values: readonly number[]): number[] {
  const centre = median([...values]);
  return values.map((value) => value - centre);
}

/** The confidence set of the place, as positions before and after it. */
function placesOf(values: readonly number[], at: number, correlation: number): readonly [number, number] {
  // The variance of a mean is this many times that of independent values.
  const inflation = (1 + correlation) / (1 - correlation);
  const costs = new Map<number, number>();
  for (let place = LEAST_SIDE; place <= values.length - LEAST_SIDE; place++)
    costs.set(place, squaresOf(values.slice(0, place)) + squaresOf(values.slice(place)));
  const least = Math.min(...costs.values());
  const likely = [...costs].flatMap(([place, cost]) =>
    (values.length * (cost - least)) / least <= HANSEN_95 * inflation ? [place] : [],
  );
  return [Math.min(at, ...likely) - 1, Math.max(at, ...likely)];
}

function squaresOf(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
}

/** A steady change over a whole series. */
export interface Drift {
  /** The change from the first value to the last, by the line through them. */
  readonly change: number;
  /** The p of no trend. */
  readonly p: number;
  /** How far values lie from the line. */
  readonly residuals: readonly number[];
}

/**
 * The line through a series, with the p of no trend. The slope is that of Theil and Sen (Sen, Estimates of the Regression
 * Coefficient Based on Kendall's Tau, Journal of the American Statistical Association 63, 1968), the test that of Mann and
 * Kendall on whitened values (Mann, Nonparametric Tests Against Trend, Econometrica 13, 1945).
 *
 * @param values at least two
 */
export function lineOf(values: readonly number[]): Drift {
  const slope = median(slopesOf(values));
  const level = median(values.map((value, index) => value - slope * index));
  const residuals = values.map((value, index) => value - level - slope * index);
  const rising = slopesOf(whitened(values, correlationOf(residuals))).reduce(
    (sum, one) => sum + Math.sign(one),
    0,
  );
  const count = values.length;
  const deviation = Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  const p = Math.min(1, 2 * normalAbove(Math.max(0, Math.abs(rising) - 1) / deviation));
  return { change: slope * (count - 1), p, residuals };
}

/** The slopes of all pairs of values. */
function slopesOf(values: readonly number[]): number[] {
  return values.flatMap((later, index) =>
    values.slice(0, index).map((earlier, before) => (later - earlier) / (index - before)),
  );
}

/**
 * Whether a line describes a series better than steps do, by the Bayesian information criterion with residuals of a Laplace
 * distribution.
 *
 * @param steps in their order; without any, the series is level
 */
export function isLineBetter(values: readonly number[], line: Drift, steps: readonly Step[]): boolean {
  const ends = [0, ...steps.map(({ at }) => at), values.length];
  const levels = ends.slice(1).flatMap((end, index) => residualsOf(values.slice(ends[index], end)));
  return criterion(line.residuals, 2) < criterion(levels, 2 * steps.length + 1);
}

function criterion(residuals: readonly number[], parameters: number): number {
  const count = residuals.length;
  const spread = residuals.reduce((sum, value) => sum + Math.abs(value), 0) / count;
  return 2 * count * Math.log(spread) + parameters * Math.log(count);
}
