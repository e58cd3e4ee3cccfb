import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { rankSumCounts, rankSumTest, shift } from '../../../harness/statistics/rank-sum.ts';
// Made by R's wilcox.test and by enumeration in R; comparison.R beside it says how.
import cases from '../../fixtures/comparison.json' with { type: 'json' };

function assertClose(ours: number | undefined, theirs: number | null, about: string) {
  assert.ok(Math.abs(ours! - theirs!) < 1e-9, `${about}: ${ours} and ${theirs}`);
}

for (const { name, list, length } of [
  { name: 'rankSum', list: cases.rankSum, length: 40 },
  { name: 'rankSumOtherConfidence', list: cases.rankSumOtherConfidence, length: 10 },
  { name: 'rankSumTied', list: cases.rankSumTied, length: 23 },
  { name: 'rankSumApproximate', list: cases.rankSumApproximate, length: 8 },
])
  test(`U and p agree with R: ${name}`, () => {
    assert.equal(list.length, length);
    for (const { first, second, u, p } of list) {
      const ours = rankSumTest(first, second);
      assert.equal(ours.u, u);
      assertClose(ours.p, p, `${first.length} and ${second.length} values`);
    }
  });

test('shift and interval agree with R', () => {
  for (const { first, second, confidence, value, low, high } of [
    ...cases.rankSum,
    ...cases.rankSumOtherConfidence,
  ]) {
    const about = `${first.length} and ${second.length} values`;
    const ours = shift(first, second, confidence);
    assertClose(ours.value, value, about);
    assert.equal(ours.interval === null, low === null, about);
    if (low === null) continue;
    assertClose(ours.interval?.low, low, about);
    assertClose(ours.interval?.high, high, about);
  }
});

test('an interval is there as soon as its confidence can be had', () => {
  assert.equal(shift([1, 2, 3], [4, 5, 6]).interval, null);
  assert.deepEqual(shift([1, 2, 3], [4, 5, 6], 0.9).interval, { low: 1, high: 5 });
  assert.deepEqual(shift([1, 2, 3, 4], [5, 6, 7, 8]).interval, { low: 1, high: 7 });
});

test('U counts the pairs in which the second sample is larger, and a positive shift says so, too', () => {
  assert.equal(rankSumTest([1, 2, 3], [10, 20]).u, 6);
  assert.equal(rankSumTest([10, 20], [1, 2, 3]).u, 0);
  assert.equal(rankSumTest([5], [5]).u, 0.5);
  assert.equal(shift([1, 2, 3], [10, 20]).value, 13);
});

test('the normal approximation takes equal samples for equal', () => {
  assert.equal(rankSumTest(new Array(40).fill(1), new Array(40).fill(1)).p, 1);
});

test('a sample without values, or with one that is no finite number, cannot be compared', () => {
  for (const compare of [rankSumTest, shift]) {
    assert.throws(() => compare([], [1]), RangeError);
    assert.throws(() => compare([1], []), RangeError);
    assert.throws(() => compare([1], [Number.NaN]), RangeError);
    assert.throws(() => compare([Number.POSITIVE_INFINITY], [1]), RangeError);
  }
});

test('the counts of arrangements equal those of all subsets of ranks', () => {
  const subsets = new Float64Array(13);
  for (let pattern = 0; pattern < 128; pattern++) {
    const ranks = [1, 2, 3, 4, 5, 6, 7].filter((rank) => pattern & (1 << (rank - 1)));
    if (ranks.length === 3) subsets[ranks.reduce((sum, rank) => sum + rank, 0) - 6]! += 1;
  }
  assert.deepEqual(rankSumCounts(3, 4), subsets);
});

const size = fc.integer({ min: 0, max: 30 });

test('the counts sum to choose(m + n, m), and do not depend on which sample is which', () =>
  fc.assert(
    fc.property(size, size, (m, n) => {
      const counts = rankSumCounts(m, n);
      assert.equal(counts.length, m * n + 1);
      assert.deepEqual(rankSumCounts(n, m), counts);
      let choose = 1;
      for (let chosen = 1; chosen <= m; chosen++) choose = (choose * (n + chosen)) / chosen;
      const sum = counts.reduce((below, count) => below + count, 0);
      assert.ok(Math.abs(sum / choose - 1) < 1e-12, `${sum} and ${choose}`);
    }),
    { numRuns: 50 },
  ));

// Whole numbers, so that sums and differences are exact: few of them for ties, many for none.
const values = (largest: number) =>
  fc.array(fc.integer({ min: -largest, max: largest }), { minLength: 1, maxLength: 20 });
const samples = fc.oneof(fc.tuple(values(5), values(5)), fc.tuple(values(1e9), values(1e9)));

test('swapping the samples negates the shift, and keeps p', () =>
  fc.assert(
    fc.property(samples, ([first, second]) => {
      const { value, interval } = shift(first, second);
      const swapped = shift(second, first);
      assert.ok(swapped.value === -value);
      assert.ok(swapped.interval?.low === (interval ? -interval.high : undefined));
      assert.ok(swapped.interval?.high === (interval ? -interval.low : undefined));
      assertClose(rankSumTest(second, first).p, rankSumTest(first, second).p, 'p');
      assert.equal(rankSumTest(second, first).u + rankSumTest(first, second).u, first.length * second.length);
    }),
    { numRuns: 100 },
  ));

test('a constant added to the second sample is added to the shift', () =>
  fc.assert(
    fc.property(samples, fc.integer({ min: -1000, max: 1000 }), ([first, second], constant) => {
      const { value, interval } = shift(first, second);
      const moved = shift(
        first,
        second.map((one) => one + constant),
      );
      assert.equal(moved.value, value + constant);
      assert.equal(moved.interval?.low, interval ? interval.low + constant : undefined);
      assert.equal(moved.interval?.high, interval ? interval.high + constant : undefined);
    }),
    { numRuns: 100 },
  ));

test('order inside the samples changes nothing', () => {
  const shuffled = samples.chain(([first, second]) =>
    fc.record({
      first: fc.constant(first),
      second: fc.constant(second),
      others: fc.tuple(
        fc.shuffledSubarray(first, { minLength: first.length }),
        fc.shuffledSubarray(second, { minLength: second.length }),
      ),
    }),
  );
  fc.assert(
    fc.property(shuffled, ({ first, second, others }) => {
      assert.deepEqual(shift(...others), shift(first, second));
      const [ours, theirs] = [rankSumTest(...others), rankSumTest(first, second)];
      assert.equal(ours.u, theirs.u);
      assertClose(ours.p, theirs.p, 'p');
    }),
    { numRuns: 100 },
  );
});

test('p is a probability, and the interval holds the shift', () =>
  fc.assert(
    fc.property(samples, ([first, second]) => {
      const { p } = rankSumTest(first, second);
      assert.ok(p > 0 && p <= 1, `p is ${p}`);
      const { value, interval } = shift(first, second);
      if (interval) assert.ok(interval.low <= value && value <= interval.high);
    }),
    { numRuns: 100 },
  ));

test('p is at most 0.05 where the 95 % interval leaves 0 out, and only there', () => {
  const distinct = fc.uniqueArray(fc.integer({ min: 0, max: 1e6 }), { minLength: 2, maxLength: 40 });
  fc.assert(
    fc.property(distinct, fc.nat(), fc.integer({ min: 0, max: 1e6 }), (list, draw, lift) => {
      const cut = 1 + (draw % (list.length - 1));
      const first = list.slice(0, cut);
      // A half keeps the samples without ties.
      const second = list.slice(cut).map((value) => value + lift + 0.5);
      const { interval } = shift(first, second);
      const outside = interval !== null && (interval.low > 0 || interval.high < 0);
      assert.equal(rankSumTest(first, second).p <= 0.05, outside);
    }),
    { numRuns: 100 },
  );
});
