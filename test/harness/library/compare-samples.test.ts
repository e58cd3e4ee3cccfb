import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compareSamples } from '../../../harness/library/compare-samples.ts';
import { compare } from '../../../harness/statistics/comparison.ts';

const timesMs = fc.array(fc.double({ min: 0.01, max: 1000, noNaN: true }), { minLength: 6, maxLength: 8 });
const scaled = (factor: number) => [97, 98, 99, 100, 101, 102, 103].map((timeMs) => timeMs * factor);

test('more time is a regression and less an improvement, beyond the margin', () => {
  for (const paired of [false, true]) {
    const verdict = (factor: number, margin?: number) =>
      compareSamples(scaled(1), scaled(factor), { paired, ...(margin === undefined ? {} : { margin }) })
        .verdict;
    assert.equal(verdict(1.2), 'regressed');
    assert.equal(verdict(0.8), 'improved');
    assert.equal(verdict(1), 'unchanged');
    assert.equal(verdict(1.2, 0.5), 'unchanged');
  }
});

test('the ratio is that of times, and the statistics are those of the command', () => {
  const { timeRatio, beforeMs, afterMs } = compareSamples(scaled(1), scaled(1.25), { paired: true });
  assert.ok(Math.abs(timeRatio.value - 1.25) < 1e-9);
  assert.ok(Math.abs(afterMs.value / beforeMs.value - 1.25) < 1e-9);
  fc.assert(
    fc.property(timesMs, timesMs, (before, after) => {
      const ours = compareSamples(before, after);
      const speeds = (list: readonly number[]) => list.map((timeMs) => -Math.log(timeMs));
      const [theirs] = compare([{ before: speeds(before), after: speeds(after) }], 0.05);
      assert.equal(ours.verdict, theirs!.verdict);
      assert.equal(ours.p, theirs!.p);
      assert.equal(ours.timeRatio.low, 1 / theirs!.ratio.high!);
      assert.equal(ours.timeRatio.high, 1 / theirs!.ratio.low!);
    }),
  );
});

test('too few times have no interval and no verdict', () => {
  const few = compareSamples([1, 2, 3], [11, 12, 13]);
  assert.deepEqual([few.timeRatio.low, few.timeRatio.high, few.verdict], [null, null, 'inconclusive']);
  assert.notEqual(compareSamples([1, 2, 3, 4], [11, 12, 13, 14]).timeRatio.low, null);
  assert.equal(compareSamples([1, 2, 3, 4, 5], [11, 12, 13, 14, 15], { paired: true }).timeRatio.low, null);
});

test('wrong times and settings are refused in a sentence', () => {
  const refused = (before: number[], after: number[], options?: object) => () =>
    compareSamples(before, after, options);
  assert.throws(refused([], [1]), new RangeError('before needs at least one time.'));
  assert.throws(refused([1], [2, 0]), new RangeError('after has a time that is not positive: 0.'));
  assert.throws(refused([1], [Number.NaN]), /after has a time that is not positive: NaN/);
  assert.throws(refused([1], [Number.POSITIVE_INFINITY]), /not positive: Infinity/);
  assert.throws(refused([1, 2], [1], { paired: true }), /differ in number: 2 and 1/);
  assert.throws(refused([1], [1], { margin: 5 }), /margin must be above 0 and below 1, not 5/);
  const many = Array.from({ length: 201 }, () => 1);
  assert.throws(refused(many, [1]), /before has 201 times; at most 200 can be compared, one a round/);
});
