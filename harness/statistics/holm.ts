/**
 * P values adjusted for being several, so that the chance of any false rejection among them stays below the
 * level each is then compared with: Holm, A Simple Sequentially Rejective Multiple Test Procedure,
 * Scandinavian Journal of Statistics 6, 1979.
 *
 * @param pValues each between 0 and 1
 * @returns adjusted p values in the order of `pValues`
 * @throws RangeError where a p value is not between 0 and 1
 */
export function holm(pValues: readonly number[]): number[] {
  const wrong = pValues.find((p) => !(p >= 0 && p <= 1));
  if (wrong !== undefined) throw new RangeError(`A p value must be between 0 and 1: ${wrong}.`);
  const ascending = pValues.map((p, position) => ({ p, position })).sort((one, other) => one.p - other.p);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  for (const [smaller, { p, position }] of ascending.entries()) {
    largest = Math.max(largest, Math.min(1, p * (pValues.length - smaller)));
    adjusted[position] = largest;
  }
  return adjusted;
}
