import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { outliers, speedup, timesAsLong } from '../../../harness/statistics/speedup.ts';

const time = fc.double({ min: 1e-3, max: 1e6, noNaN: true });
const pairs = fc.array(fc.tuple(time, time), { minLength: 1, maxLength: 12 });
const close = (one: number | null, other: number | null) =>
  one === other || Math.abs(one! / other! - 1) < 1e-9;

test('a variant that always takes half the time is twice as fast', () => {
  const { value, low, high } = speedup([10, 12, 8, 10, 11, 9], [5, 6, 4, 5, 5.5, 4.5]);
  for (const figure of [value, low, high]) assert.ok(close(figure, 2));
});

test('swapping the sides inverts the ratio and its interval', () => {
  fc.assert(
    fc.property(pairs, (rounds) => {
      const [baseline, variant] = [rounds.map(([first]) => first), rounds.map(([, second]) => second)];
      const forth = speedup(baseline, variant);
      const back = speedup(variant, baseline);
      const inverse = (figure: number | null) => (figure === null ? null : 1 / figure);
      assert.ok(close(forth.value, inverse(back.value)));
      assert.ok(close(forth.low, inverse(back.high)) && close(forth.high, inverse(back.low)));
    }),
  );
});

test('a slower clock and another order of rounds change nothing', () => {
  fc.assert(
    fc.property(pairs, fc.double({ min: 0.1, max: 10, noNaN: true }), (rounds, scale) => {
      const of = (list: typeof rounds, factor: number) =>
        speedup(
          list.map(([first]) => first * factor),
          list.map(([, second]) => second * factor),
        );
      const plain = of(rounds, 1);
      const other = of(rounds.toReversed(), scale);
      assert.ok(
        close(plain.value, other.value) && close(plain.low, other.low) && close(plain.high, other.high),
      );
    }),
  );
});

test('times that cannot be paired are refused', () => {
  assert.throws(() => speedup([1, 2], [1]), RangeError);
  assert.throws(() => speedup([1], [0]), RangeError);
  assert.throws(() => speedup([1], [Number.NaN]), RangeError);
});

test('an outlier is what lies beyond the fences', () => {
  assert.deepEqual(outliers([1, 1.1, 0.9, 1, 9, 1.05]), [4]);
  assert.deepEqual(outliers([1, 2, 3, 4]), []);
  assert.deepEqual(outliers([1, 100]), []);
});

test('how many times as long is the speedup the other way round, or the ratio of two of them', () => {
  const row = (value: number, baseline = false) => ({
    baseline,
    speedup: { value, low: value / 2, high: value * 2 },
  });
  const one = { baseline: true, speedup: { value: 1, low: 1, high: 1 } };
  assert.deepEqual(timesAsLong(row(8), one), { value: 1 / 8, low: 1 / 16, high: 1 / 4 });
  assert.deepEqual(timesAsLong(one, row(8)), { value: 8, low: 4, high: 16 });
  assert.deepEqual(timesAsLong(row(4), row(8)), { value: 2, low: null, high: null });
  const few = { baseline: false, speedup: { value: 4, low: null, high: null } };
  assert.deepEqual(timesAsLong(few, one), { value: 0.25, low: null, high: null });
});
