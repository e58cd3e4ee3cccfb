/**
 * Twice the rank of each value among all, from 1, where equal values share the mean of the ranks they take
 * up: doubled, so that shared ranks are whole numbers, too.
 *
 * @param values finite numbers
 * @returns in the order of `values`
 */
export function doubledMidranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((one, other) => one - other);
  return values.map((value) => sorted.indexOf(value) + sorted.lastIndexOf(value) + 2);
}
