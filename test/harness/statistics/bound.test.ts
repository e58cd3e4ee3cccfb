import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ioBoundMs, overlapBoundMs, serialBoundMs } from '../../../harness/statistics/bound.ts';

test('each of the three limits can be the one that binds', () => {
  const holds = { shortestMs: 10, longestMs: 50, totalMs: 100 };
  const bound = (held: typeof holds, requests: number, limit: number) =>
    ioBoundMs({ holds: held, requests, limit, computeMs: 0 });
  assert.equal(bound(holds, 5, 5), 50);
  assert.equal(bound({ ...holds, longestMs: 12 }, 7, 2), 50);
  assert.equal(bound({ shortestMs: 10, longestMs: 30, totalMs: 130 }, 7, 3), 130 / 3);
  assert.equal(bound({ shortestMs: 10, longestMs: 10, totalMs: 70 }, 7, 3), 30);
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
      assert.ok(
        ioBoundMs({ holds, requests: list.length, limit, computeMs: 0 }) <= Math.max(...slots) + 1e-9,
      );
    }),
  );
});

test('CPU work adds to waiting where they do not overlap, and hides it where they do', () => {
  const holds = { shortestMs: 10, longestMs: 12, totalMs: 110 };
  const seen = { holds, requests: 10, limit: 2, computeMs: 300 };
  assert.equal(serialBoundMs(seen), 410);
  assert.equal(overlapBoundMs(seen), 310);
  assert.equal(overlapBoundMs({ ...seen, computeMs: 20 }), 55);
});
