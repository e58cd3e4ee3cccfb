import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AtLimit, kneeOf } from '../../../harness/statistics/knee.ts';
import { LEAST_WAVES, steadyPerSecond } from '../../../harness/statistics/steady.ts';
import { endsAtStation } from '../../fixtures/station.ts';

const at = (limit: number, value: number, spread = 0.01): AtLimit => ({
  limit,
  perSecond: { value, low: value * (1 - spread), high: value * (1 + spread) },
});

test('the knee is the first limit past which nothing gains 5 %', () => {
  const points = [at(1, 10), at(10, 100), at(50, 250), at(100, 256), at(200, 260)];
  assert.deepEqual(kneeOf(points), { limit: 50, low: 50, high: 100 });
  assert.deepEqual(kneeOf(points.toReversed()), kneeOf(points));
});

test('a dip before a later gain is no knee', () => {
  assert.equal(kneeOf([at(1, 100), at(2, 90), at(3, 200)]).limit, 3);
});

test('wide intervals leave more limits possible', () => {
  const knee = kneeOf([at(1, 100, 0.1), at(2, 111, 0.1), at(3, 119, 0.1)]);
  assert.deepEqual(knee, { limit: 3, low: 1, high: 3 });
});

test('throughputs without intervals give a knee without one', () => {
  const perSecond = { value: 100, low: null, high: null };
  assert.deepEqual(kneeOf([{ limit: 5, perSecond }]), { limit: 5, low: null, high: null });
  assert.deepEqual(kneeOf([{ limit: 1, perSecond: { ...perSecond, value: 1 } }, at(5, 100)]), {
    limit: 5,
    low: 5,
    high: 5,
  });
  assert.throws(() => kneeOf([]), RangeError);
});

test('a sweep over a station finds its capacity, as closely as its limits allow', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 25 }),
      fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 2, maxLength: 8 }),
      // What a place waits for its next job, as a share of its time for one.
      fc.double({ min: 0, max: 0.03, noNaN: true }),
      (capacity, given, pause) => {
        const limits = given.toSorted((one, other) => one - other);
        const jobs = LEAST_WAVES * Math.max(...limits);
        const gainOf = (limit: number) => Math.min(capacity, limits.at(-1)!) / Math.min(capacity, limit);
        // A pause, and a last wave that is cut in two, can hide or feign a gain near the least one.
        fc.pre(limits.every((limit) => Math.abs(gainOf(limit) - 1.1) > 0.08));
        const points = limits.map((limit) => {
          const value = steadyPerSecond(endsAtStation({ jobs, limit, capacity, holdMs: 10, pause }), limit)!;
          return { limit, perSecond: { value, low: value, high: value } };
        });
        assert.equal(
          kneeOf(points, 0.1).limit,
          limits.find((limit) => gainOf(limit) < 1.1),
        );
      },
    ),
  );
});
