/** `compareSamples`: whether one list of times differs from another, for those who measured both already. */
import type { Estimate } from '../model/row.ts';
import { compare, DEFAULT_MARGIN, type Verdict } from '../statistics/comparison.ts';
import { geometricCentre, inverseOf } from '../statistics/speedup.ts';

/** The settings of a comparison; each has a default. */
export interface CompareSamplesOptions {
  /** A smaller change than this share counts as unchanged; above 0 and below 1. Default: 0.05. */
  readonly margin?: number;
  /** Whether times at the same place of both lists are from the same round, measured in turn. Default: false. */
  readonly paired?: boolean;
}

/** How times changed. */
export interface SamplesComparison {
  /** The centre of each list, with its 95 % interval. */
  readonly beforeMs: Estimate;
  readonly afterMs: Estimate;
  /** Time after / time before, with its 95 % interval: 1.2 takes a fifth longer. The interval is null for too few times. */
  readonly timeRatio: Estimate;
  /** The two-sided p of no change; the verdict does not use it. */
  readonly p: number;
  /**
   * `regressed` or `improved` if the whole interval lies beyond the margin, `unchanged` if all of it lies within, otherwise
   * `inconclusive`.
   */
  readonly verdict: Verdict;
}

/** The exact test of unpaired times takes seconds beyond this many on both sides, the one of paired times refuses. */
const MOST = { unpaired: 200, paired: 1000 };

/**
 * Compares times from before and after a change by the statistics of the command `compare`: the signed-rank test of pairs,
 * or the rank-sum test of lists that were measured apart. Both take the times of a list as independent, so give one time
 * a round, and not many from one warm loop.
 *
 * An interval needs 6 pairs, or 4 times on each side without pairs.
 *
 * @param before times in ms, at most 200, or 1000 if paired
 * @param after times in ms, paired as many as before
 * @throws RangeError in one sentence if a list is empty or too long, a time is not positive, or the margin is out of range
 */
export function compareSamples(
  before: readonly number[],
  after: readonly number[],
  { margin = DEFAULT_MARGIN, paired = false }: CompareSamplesOptions = {},
): SamplesComparison {
  if (!(margin > 0 && margin < 1)) throw new RangeError(`margin must be above 0 and below 1, not ${margin}.`);
  requireTimes('before', before, paired);
  requireTimes('after', after, paired);
  const speeds = { before: before.map(logSpeed), after: after.map(logSpeed) };
  const { ratio, p, verdict } = compare([speeds], margin, paired)[0]!;
  return {
    beforeMs: geometricCentre(before),
    afterMs: geometricCentre(after),
    timeRatio: inverseOf(ratio),
    p,
    verdict,
  };
}

function requireTimes(name: string, timesMs: readonly number[], paired: boolean): void {
  const most = paired ? MOST.paired : MOST.unpaired;
  if (timesMs.length === 0) throw new RangeError(`${name} needs at least one time.`);
  if (timesMs.length > most)
    throw new RangeError(
      `${name} has ${timesMs.length} times; at most ${most} can be compared, one a round.`,
    );
  const wrong = timesMs.find((timeMs) => !(timeMs > 0 && Number.isFinite(timeMs)));
  if (wrong !== undefined) throw new RangeError(`${name} has a time that is not positive: ${wrong}.`);
}

/** A greater figure is faster, as in the command. */
function logSpeed(timeMs: number): number {
  return -Math.log(timeMs);
}
