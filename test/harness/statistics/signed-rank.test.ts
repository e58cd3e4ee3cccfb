import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pseudoMedian, signedRankCounts, walshAverages } from '../../../harness/statistics/signed-rank.ts';
// Made by R's wilcox.test; signed-rank.R beside it says how.
import cases from '../../fixtures/signed-rank.json' with { type: 'json' };

test('pseudo-median and interval agree with R for 6 to 30 values', () => {
  assert.equal(cases.length, 25);
  for (const { values, value, low, high } of cases) {
    const centre = pseudoMedian(values);
    for (const [ours, theirs] of [
      [centre.value, value],
      [centre.interval?.low, low],
      [centre.interval?.high, high],
    ])
      assert.ok(Math.abs(ours! - theirs!) < 1e-9, `${values.length} values: ${ours} and ${theirs}`);
  }
});

test('there is no 95 % interval below 6 values', () => {
  for (let n = 1; n < 6; n++)
    assert.equal(pseudoMedian(Array.from({ length: n }, (_, index) => index)).interval, null);
  assert.deepEqual(pseudoMedian([1, 2, 3, 4, 5, 6]).interval, { low: 1, high: 6 });
});

test('one value is its own pseudo-median, and no values are an error', () => {
  assert.equal(pseudoMedian([7]).value, 7);
  assert.throws(() => pseudoMedian([]), RangeError);
});

test('the counts of sign patterns are those of all subsets of ranks', () => {
  const subsets = new Float64Array(22);
  for (let pattern = 0; pattern < 64; pattern++) {
    const ranks = [1, 2, 3, 4, 5, 6].filter((rank) => pattern & (1 << (rank - 1)));
    subsets[ranks.reduce((sum, rank) => sum + rank, 0)]! += 1;
  }
  assert.deepEqual(signedRankCounts(6), subsets);
});

test('Walsh averages are half sums of all pairs', () => {
  assert.deepEqual(walshAverages([3, 1]), [1, 2, 3]);
});
