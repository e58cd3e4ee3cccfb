import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isSteady, LEAST_WAVES, steadyPerSecond } from '../../../harness/statistics/steady.ts';
import { endsAtStation } from '../../fixtures/station.ts';

test('a batch with fewer than 20 waves has no steady throughput', () => {
  const ends = (count: number) => Array.from({ length: count }, (_, job) => job);
  assert.equal(steadyPerSecond(ends(199), 10), null);
  assert.notEqual(steadyPerSecond(ends(200), 10), null);
  assert.deepEqual([isSteady(199, 10), isSteady(200, 10)], [false, true]);
});

test('neither the first wave nor the draining counts, and whole waves do', () => {
  // 5 jobs take 10 ms together; the first wave takes a second, and the last jobs, of which 5 run at once, come late.
  const waves = Array.from({ length: 24 }, (_, wave) => new Array<number>(5).fill(1000 + 10 * wave));
  // One job of the first wave ends before the others.
  const ends = [100, ...waves.flat().slice(1), 2000, 3000, 4000, 5000, 6000, 7000, 8000];
  assert.equal(steadyPerSecond(ends, 5), 500);
  assert.equal(steadyPerSecond(ends.toReversed(), 5), 500);
});

test('the steady throughput of a station is what it serves at once in the time of a hold', () => {
  const share = (max: number) => fc.double({ min: 0, max, noNaN: true });
  const number = (max: number) => fc.integer({ min: 1, max });
  fc.assert(
    fc.property(number(40), number(40), number(40), share(0.2), (limit, capacity, more, pause) => {
      const jobs = LEAST_WAVES * limit + more;
      const perSecond = steadyPerSecond(endsAtStation({ jobs, limit, capacity, holdMs: 10, pause }), limit)!;
      // Where requests wait in the queue, a wave of the station can be cut in two: one in about 20 waves.
      const most = (1000 / 10) * Math.min(limit, capacity);
      assert.ok(perSecond <= most * 1.06, `${perSecond}`);
      assert.ok(perSecond >= most / (1 + pause) / 1.06, `${perSecond}`);
    }),
  );
});
