/**
 * Where a series of figures changes: the energy statistic of E-divisive (Matteson and James, A Nonparametric Approach for
 * Multiple Change Point Analysis of Multivariate Data, Journal of the American Statistical Association 109, 2014, with
 * alpha = 1), by which MongoDB and Apache Otava look for changes of performance.
 */

/** A place where a series could be split. */
export interface Split {
  /** The position of the first value after it. */
  readonly at: number;
  /** The energy statistic Q: how far both sides differ, weighed by their sizes. */
  readonly divergence: number;
}

/**
 * The split whose sides differ most.
 *
 * @param values in their order
 * @param least the fewest values on a side, from 2
 * @returns null if the series is too short for two sides
 */
export function bestSplit(values: readonly number[], least: number): Split | null {
  const all = values.length;
  let best: Split | null = null;
  let [within, across, beyond] = [0, 0, distancesIn(values)];
  // Value by value moves from the right side to the left one.
  for (let at = 1; at <= all - least; at++) {
    const moved = values[at - 1]!;
    const toLeft = distancesTo(values, moved, 0, at - 1);
    const toRight = distancesTo(values, moved, at, all);
    within += toLeft;
    beyond -= toRight;
    across += toRight - toLeft;
    if (at < least) continue;
    const [left, right] = [at, all - at];
    const energy =
      (2 * across) / (left * right) -
      (2 * within) / (left * (left - 1)) -
      (2 * beyond) / (right * (right - 1));
    const divergence = ((left * right) / all) * energy;
    if (best === null || divergence > best.divergence) best = { at, divergence };
  }
  return best;
}

/** The sum of the distances of all pairs. */
function distancesIn(values: readonly number[]): number {
  return values.reduce((sum, value, index) => sum + distancesTo(values, value, 0, index), 0);
}

function distancesTo(values: readonly number[], value: number, from: number, to: number): number {
  let sum = 0;
  for (let index = from; index < to; index++) sum += Math.abs(values[index]! - value);
  return sum;
}
