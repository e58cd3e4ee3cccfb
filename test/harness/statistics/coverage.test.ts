import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { speedupOfLogs } from '../../../harness/statistics/speedup.ts';

const RUNS = 20_000;
const TRUE_SPEEDUP = 3;

/** How often the interval holds the truth, exactly: its ends are whole ranks. */
for (const [rounds, exact] of [
  [6, 96.9],
  [7, 95.3],
  [8, 96.1],
  [9, 96.1],
  [10, 95.1],
  [11, 95.8],
  [12, 95.8],
] as const)
  test(`the 95 % interval of ${rounds} rounds holds the true speedup in ${exact} % of ${RUNS} made-up runs`, () => {
    const random = xoroshiro128plus(rounds);
    // The difference of two equal draws is symmetric around 0, whatever their distribution.
    const noise = () => Math.log(uniformFloat64(random) + 1e-9) - Math.log(uniformFloat64(random) + 1e-9);
    let held = 0;
    for (let run = 0; run < RUNS; run++) {
      const logs = Array.from({ length: rounds }, () => Math.log(TRUE_SPEEDUP) + 0.1 * noise());
      const { low, high } = speedupOfLogs(logs);
      if (low! <= TRUE_SPEEDUP && TRUE_SPEEDUP <= high!) held++;
    }
    const share = (100 * held) / RUNS;
    assert.ok(Math.abs(share - exact) < 0.6, `${share} % of runs, and ${exact} % exactly`);
  });
