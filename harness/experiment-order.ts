/** The order of experiments in a project: those that it names, then the others. */

/**
 * The place of an experiment, for sorting.
 *
 * @param order ids in the order of the project
 * @returns its index in the order; the length of the order if it is not named
 */
export function placeInOrder(order: readonly string[], id: string): number {
  const place = order.indexOf(id);
  return place === -1 ? order.length : place;
}
