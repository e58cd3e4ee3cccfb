/** The search for the commit of a change, without knowing how a commit is measured. */

/** What measuring a commit beside the last good one said: whether the change is in it, or why that is not known. */
export type Answer = 'before' | 'after' | { readonly unknown: string };

/** Where a change lies. */
export interface Bisection {
  /** The last commit that is proven to be before the change, and the first that is proven to be after it. */
  readonly between: readonly [string, string];
  /** Commits between these two that could not be measured, with the reason. */
  readonly skipped: readonly { readonly commit: string; readonly reason: string }[];
}

/**
 * Halves the commits between a good and a bad one until none is left to measure. A commit that cannot be measured is
 * skipped: the one nearest to the middle that was not tried yet is next.
 *
 * @param good the last commit known to be before the change
 * @param after the commits that follow it in their order; the last is known to have the change
 * @param measure says of a commit whether the change is in it
 */
export async function bisect(
  good: string,
  after: readonly string[],
  measure: (commit: string) => Promise<Answer>,
): Promise<Bisection> {
  const line = [good, ...after];
  const skipped = new Map<number, string>();
  let [low, high] = [0, line.length - 1];
  for (;;) {
    const middle = (low + high) / 2;
    const [next] = line
      .map((_, index) => index)
      .filter((index) => index > low && index < high && !skipped.has(index))
      .sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle));
    if (next === undefined) break;
    const answer = await measure(line[next]!);
    if (answer === 'after') high = next;
    else if (answer === 'before') low = next;
    else skipped.set(next, answer.unknown);
  }
  const between = [...skipped].filter(([index]) => index > low && index < high);
  return {
    between: [line[low]!, line[high]!],
    skipped: between
      .sort(([one], [other]) => one - other)
      .map(([index, reason]) => ({ commit: line[index]!, reason })),
  };
}
