import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inFlightFigures, restMsOf } from '../../../../benchmarks/clients/adaptive/batch.ts';
import { clairvoyantRow } from '../../../../benchmarks/clients/adaptive/rows.ts';
import { SCHEDULES } from '../../../../benchmarks/clients/adaptive/schedules.ts';
import kind from '../../../../server/latency/kind.ts';

const SIZE = { totalMs: 6000, delayMs: 40 };
const schedule = (name: string) => SCHEDULES[name]!(SIZE);
const holds = (count: number, holdMs: number) => ({
  ...{ requests: count, limit: 200, computeMs: 0 },
  holds: { shortestMs: holdMs, longestMs: holdMs, totalMs: count * holdMs },
});

for (const [name, make] of Object.entries(SCHEDULES))
  test(`${name}: the server takes its options, and its jobs fit into its time`, () => {
    const { options, jobs, limitAt, bound } = make(SIZE);
    kind.checkOptions(options);
    assert.ok(jobs > 0 && limitAt(0) >= 1);
    const boundMs = bound(holds(jobs, SIZE.delayMs));
    assert.ok(boundMs > 0.5 * SIZE.totalMs && boundMs < SIZE.totalMs, String(boundMs));
  });

test('capacity 50, 15, 50: jobs and the least time follow from the places', () => {
  const { jobs, bound, limitAt, stepsMs } = schedule('capacity');
  // 2 s with 50 places, 2 s with 15 and 2 s with 50, 40 ms each; a batch has 95 % of it.
  assert.equal(jobs, Math.floor(((2 * 50 * 2000 + 15 * 2000) / 40) * 0.95));
  assert.equal(bound(holds(1000, 40)), 800);
  // 35 more than the places are in service when they get fewer.
  assert.equal(bound(holds(2500 + 35 + 375, 40)), 3000);
  assert.deepEqual([0, 2000, 4000].map(limitAt), [51, 16, 51]);
  assert.deepEqual(stepsMs, [0, 2000, 4000]);
});

test('rate: the least time follows from the rate, after what comes at once', () => {
  assert.equal(schedule('rate').bound(holds(540, 40)), 1000 + 40);
});

test('requests in flight at the target, beside the limit that fits', () => {
  const limitAt = (ms: number) => (ms < 100 ? 2 : 1);
  const requests = [
    // Three in flight for 10 ms, two until 100, then one above the limit until 120.
    { arrivedMs: 1000, releasedMs: 1010 },
    { arrivedMs: 1000, releasedMs: 1120 },
    { arrivedMs: 1000, releasedMs: 1200 },
  ].map((request) => ({ ...request, job: 0, startedMs: request.arrivedMs }));
  const { excessInFlight, settleMs } = inFlightFigures({ requests }, { limitAt, stepsMs: [0, 100, 5000] });
  // The limit is read where something changes.
  assert.equal(excessInFlight, 10 / 200);
  // At 0 it has two in flight at once, on the way to three; after 100 it takes until 120.
  assert.equal(settleMs, (0 + 20) / 2);
});

test('without requests there are no figures', () => {
  const none = { limitAt: () => 5, stepsMs: [0] };
  assert.deepEqual(inFlightFigures({ requests: [] }, none), { excessInFlight: 0, settleMs: 0 });
});

test('only a refusal tells a client to wait', () => {
  assert.deepEqual(['refused2', 'job 5', 7].map(restMsOf), [2000, null, null]);
});

test('the clairvoyant limit follows the schedule from its first task on', async () => {
  const row = clairvoyantRow({ ...schedule('capacity'), limitAt: (ms) => (ms < 30 ? 4 : 2) });
  const limited = row.make();
  assert.equal(limited.limit, 4);
  await limited(() => new Promise((resolve) => setTimeout(resolve, 40)));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(limited.limit, 2);
});
