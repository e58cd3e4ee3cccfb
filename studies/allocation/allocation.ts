/** How often each row should run within a round, so that its interval is narrow enough at the least cost. */

/** What a study found of one row. Spreads are standard deviations of ln(time). */
export interface RowCost {
  readonly name: string;
  /** The time of a sample with everything around it, in ms. */
  readonly costMs: number;
  /** The spread of single samples around the figure of their round. */
  readonly withinRound: number;
  /** The spread of rounds beside that; repeats do not reduce it. */
  readonly betweenRounds: number;
  /** Whether it runs twice a round, as the A/A pair. */
  readonly control: boolean;
}

/** A comparison that should be narrow: a row and its baseline. */
export interface Wanted {
  readonly row: RowCost;
  readonly baseline: RowCost;
}

/** Repeats of a row, by its name. */
export type Repeats = ReadonlyMap<string, number>;

/** The variance of a median of many values, divided by that of their mean (normal distribution). */
const MEDIAN_VARIANCE = Math.PI / 2;
/** More repeats would no longer be a round in which conditions are equal. */
const MOST_REPEATS = 16;

/**
 * The variance of one round's ln(baseline / row).
 *
 * @returns the sum of both rows' variances between rounds, and within rounds divided by their repeats
 */
export function varianceOf({ row, baseline }: Wanted, repeats: Repeats): number {
  return [row, baseline].reduce((sum, { name, withinRound, betweenRounds }) => {
    const times = repeats.get(name) ?? 1;
    return sum + betweenRounds ** 2 + withinRound ** 2 * varianceShare(times);
  }, 0);
}

/** The variance of the median of this many values, divided by the variance of one. */
function varianceShare(times: number): number {
  return times <= 2 ? 1 / times : MEDIAN_VARIANCE / times;
}

/**
 * Gives one more repeat to the row that gains most for its cost, until every comparison is narrow enough or nothing helps.
 * In the limit that is Neyman's allocation, with numbers of samples in proportion to spread / square root of cost
 * (J. Neyman, On the two different aspects of the representative method, 1934).
 *
 * @param wanted the comparisons
 * @param spread the largest allowed spread of a round's ln(baseline / row), for example 0.02
 * @returns how often each row runs in a round, from 1
 */
export function allocate(wanted: readonly Wanted[], spread: number): Repeats {
  const repeats = new Map(
    wanted.flatMap(({ row, baseline }) => [row.name, baseline.name].map((name) => [name, 1])),
  );
  for (;;) {
    const wide = wanted.filter((one) => Math.sqrt(varianceOf(one, repeats)) > spread);
    const [best] = wide
      .flatMap((one) => [one.row, one.baseline].map((row) => ({ row, gain: gainOf(one, row, repeats) })))
      .filter(({ gain }) => gain > 0)
      .sort((one, other) => other.gain - one.gain);
    if (best === undefined) return repeats;
    repeats.set(best.row.name, repeats.get(best.row.name)! + 1);
  }
}

/** The variance that doubling a row's repeats takes away, for each ms that it costs; 0 at the most repeats. */
function gainOf(one: Wanted, row: RowCost, repeats: Repeats): number {
  const times = repeats.get(row.name)!;
  if (times >= MOST_REPEATS) return 0;
  const doubled = new Map(repeats).set(row.name, 2 * times);
  const costMs = times * row.costMs * (row.control ? 2 : 1);
  return (varianceOf(one, repeats) - varianceOf(one, doubled)) / costMs;
}
