import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ioBoundMs } from '../../../harness/statistics/bound.ts';

test('each of the three limits can be the one that binds', () => {
  const holds = { shortestMs: 10, longestMs: 50, totalMs: 100 };
  assert.equal(ioBoundMs(holds, 5, 5), 50);
  assert.equal(ioBoundMs({ ...holds, longestMs: 12 }, 7, 2), 50);
  assert.equal(ioBoundMs({ shortestMs: 10, longestMs: 30, totalMs: 130 }, 7, 3), 130 / 3);
  assert.equal(ioBoundMs({ shortestMs: 10, longestMs: 10, totalMs: 70 }, 7, 3), 30);
});

test('no schedule beats the bound: the best one found by trying lies above it', () => {
  const holdsMs = fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(holdsMs, fc.integer({ min: 1, max: 8 }), (list, limit) => {
      const slots = new Array<number>(limit).fill(0);
      for (const hold of list.toSorted((one, other) => other - one)) {
        const free = slots.indexOf(Math.min(...slots));
        slots[free]! += hold;
      }
      const holds = {
        shortestMs: Math.min(...list),
        longestMs: Math.max(...list),
        totalMs: list.reduce((sum, hold) => sum + hold, 0),
      };
      assert.ok(ioBoundMs(holds, list.length, limit) <= Math.max(...slots) + 1e-9);
    }),
  );
});
