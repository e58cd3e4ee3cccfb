import { randomNormal } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { quantile } from 'simple-statistics';
import { pseudoMedian } from '../../harness/statistics/signed-rank.ts';

const TRIES = 1000;
const SEED = 1;

/**
 * The spread of a round's ln(baseline / row) at which nine of ten runs have an interval of at most this half-width, by
 * seeded simulation with normal values.
 *
 * @param rounds from 6
 * @param halfWidth as a share, for example 0.03
 */
export function spreadFor(rounds: number, halfWidth: number): number {
  const random = xoroshiro128plus(SEED);
  const normal = randomNormal.source(() => uniformFloat64(random))();
  const widths = Array.from({ length: TRIES }, () => {
    const { interval } = pseudoMedian(Array.from({ length: rounds }, normal));
    if (interval === null) throw new RangeError(`${rounds} rounds give no interval; plan for 6 or more.`);
    return (interval.high - interval.low) / 2;
  });
  return halfWidth / quantile(widths, 0.9);
}
