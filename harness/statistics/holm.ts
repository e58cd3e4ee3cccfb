/**
 * Which of several tests count, so that any counts wrongly in at most `alpha` of all cases: Holm, A Simple Sequentially
 * Rejective Multiple Test Procedure, Scandinavian Journal of Statistics 6, 1979.
 *
 * @param ps the p of each test
 * @returns in the order of the tests: the level that its p was held against, or null where it does not count
 */
export function holm(ps: readonly number[], alpha: number): (number | null)[] {
  const levels: (number | null)[] = ps.map(() => null);
  const order = ps.map((_, index) => index).sort((one, other) => ps[one]! - ps[other]!);
  for (const [rank, index] of order.entries()) {
    const level = alpha / (ps.length - rank);
    if (!(ps[index]! <= level)) break;
    levels[index] = level;
  }
  return levels;
}
