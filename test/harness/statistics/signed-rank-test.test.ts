import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { pseudoMedian, signedRankTest } from '../../../harness/statistics/signed-rank.ts';
// Made by R's wilcox.test and by enumeration in R; comparison.R beside it says how.
import cases from '../../fixtures/comparison.json' with { type: 'json' };

for (const { name, list, length } of [
  { name: 'signedRank', list: cases.signedRank, length: 30 },
  { name: 'signedRankTied', list: cases.signedRankTied, length: 26 },
])
  test(`p agrees with R: ${name}`, () => {
    assert.equal(list.length, length);
    for (const { values, p } of list) {
      const ours = signedRankTest(values).p;
      assert.ok(Math.abs(ours - p) < 1e-9, `${values.length} values: ${ours} and ${p}`);
    }
  });

test('zeros do not count, and nothing but zeros is no evidence', () => {
  assert.equal(signedRankTest([0, 0]).p, 1);
  assert.deepEqual(signedRankTest([0, 1, 2, 0, 3, 4, -0]), signedRankTest([1, 2, 3, 4]));
});

test('no values, or one that is no finite number, cannot be tested', () => {
  assert.throws(() => signedRankTest([]), RangeError);
  assert.throws(() => signedRankTest([1, Number.NaN]), RangeError);
});

test('p stands for a thousand values', () => {
  const { p } = signedRankTest(Array.from({ length: 1000 }, (_, index) => (index % 2 === 0 ? 1 : -1)));
  assert.equal(p, 1);
});

const values = fc.array(fc.integer({ min: -20, max: 20 }), { minLength: 1, maxLength: 25 });

test('turning all signs or the order round keeps p', () =>
  fc.assert(
    fc.property(values, (list) => {
      const { p } = signedRankTest(list);
      assert.ok(p > 0 && p <= 1, `p is ${p}`);
      for (const other of [list.map((value) => -value), list.toReversed()])
        assert.equal(signedRankTest(other).p, p);
    }),
    { numRuns: 100 },
  ));

test('p is at most 0.05 where the 95 % interval leaves 0 out, and only there', () => {
  // Magnitudes all differ, so that no Walsh average is 0.
  const magnitudes = fc.uniqueArray(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 25 });
  fc.assert(
    fc.property(magnitudes, fc.integer({ min: 2, max: 9 }), (list, step) => {
      const signed = list.map((value, index) => (index % step === 0 ? -value : value));
      const { interval } = pseudoMedian(signed);
      const outside = interval !== null && (interval.low > 0 || interval.high < 0);
      assert.equal(signedRankTest(signed).p <= 0.05, outside);
    }),
    { numRuns: 100 },
  );
});
