import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type AtLimit, kneeOf } from '../../../harness/statistics/knee.ts';

const at = (limit: number, value: number, spread = 0.01): AtLimit => ({
  limit,
  time: { value, low: value * (1 - spread), high: value * (1 + spread) },
});

test('the knee is the first limit past which nothing gains 5 %', () => {
  const points = [at(1, 1000), at(10, 100), at(50, 40), at(100, 39), at(200, 38.5)];
  assert.deepEqual(kneeOf(points), { limit: 50, low: 50, high: 100 });
  assert.deepEqual(kneeOf(points.toReversed()), kneeOf(points));
});

test('a dip before a later gain is no knee', () => {
  assert.equal(kneeOf([at(1, 100), at(2, 100), at(3, 50)]).limit, 3);
});

test('wide intervals leave more limits possible', () => {
  const knee = kneeOf([at(1, 100, 0.1), at(2, 90, 0.1), at(3, 84, 0.1)]);
  assert.deepEqual(knee, { limit: 3, low: 1, high: 3 });
});

test('times without intervals give a knee without one', () => {
  const time = { value: 10, low: null, high: null };
  assert.deepEqual(kneeOf([{ limit: 5, time }]), { limit: 5, low: null, high: null });
  assert.deepEqual(kneeOf([{ limit: 1, time: { ...time, value: 1000 } }, at(5, 10)]), {
    limit: 5,
    low: 5,
    high: 5,
  });
  assert.throws(() => kneeOf([]), RangeError);
});
