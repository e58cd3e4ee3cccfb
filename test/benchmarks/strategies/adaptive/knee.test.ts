import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KNEE, knee } from '../../../../benchmarks/strategies/adaptive/knee.ts';
import type { LimitStep } from '../../../../benchmarks/strategies/adaptive/rule.ts';
import { type StationState, simulate } from '../../../../studies/adaptive/station.ts';

type Step = LimitStep<ReturnType<typeof knee>['start']['state']>;

const rule = knee({ max: 200 });

/** Feeds whole windows of answers with this latency, each of tasks that started in the window. */
function answered(step: Step, latenciesMs: readonly number[], fromMs: number): Step {
  let next = step;
  let nowMs = fromMs;
  for (const latencyMs of latenciesMs) {
    const { sinceMs } = next.state;
    nowMs += latencyMs;
    do next = rule.next(next.state, { latencyMs, inFlight: next.limit, dropped: false, nowMs });
    while (next.state.sinceMs === sinceMs);
  }
  return next;
}

const decidedAt = (limit: number, change: Partial<Step['state']['decided']> = {}): Step => {
  const { state } = rule.start;
  const decided = { ...state.decided, limit, baselineMs: 40, growth: KNEE.growth, ...change };
  return { limit, state: { ...state, decided, sinceMs: 0 } };
};

test('it grows by half at first, and by less after it met a queue', () => {
  const first = answered(rule.start, [40], 0);
  assert.equal(first.state.decided.limit, KNEE.initial * (1 + KNEE.mostGrowth));
  const later = answered(decidedAt(50), [40, 40], 0);
  const twice = 50 * (1 + KNEE.growth) * (1 + 2 * KNEE.growth);
  assert.ok(Math.abs(later.state.decided.limit - twice) < 1e-9);
});

test('a queue lowers the limit to what is served, and a little above', () => {
  // 100 in flight wait 80 ms for places that take 40 ms: 50 places.
  const { decided } = answered(decidedAt(100), [80], 0).state;
  assert.ok(Math.abs(decided.limit - (50 * (1 + KNEE.headroom) + 0.5)) < 1e-9);
  assert.deepEqual(decided.cut, { from: 100, meanMs: 80 });
});

test('a large cut after which latency falls stands; one after which it stays was a new baseline', () => {
  const cut = answered(decidedAt(100), [80], 0);
  assert.equal(answered(cut, [42], 200).state.decided.limit, cut.state.decided.limit);
  const { limit, baselineMs } = answered(cut, [79], 200).state.decided;
  assert.deepEqual({ limit, baselineMs }, { limit: 100, baselineMs: 79 });
});

test('from time to time a lower limit measures the baseline', () => {
  const draining = answered(decidedAt(50, { windowsUntilDrain: 0 }), [41], 0);
  assert.equal(draining.state.decided.limit, 50 * KNEE.drain);
  const { limit, baselineMs, windowsUntilDrain } = answered(draining, [35], 200).state.decided;
  assert.deepEqual(
    { limit, baselineMs, windowsUntilDrain },
    { limit: 50, baselineMs: 35, windowsUntilDrain: KNEE.drainEvery },
  );
  assert.equal(answered(draining, [40], 200).state.decided.baselineMs, 40);
});

test('a baseline that noise leaves open is the mean of both, by their precision', () => {
  const draining = decidedAt(30, { drainedFrom: 50, baselineErrorMs: 3 });
  let step = draining;
  for (let index = 0; step.state.decided.drainedFrom > 0; index++)
    step = rule.next(step.state, {
      latencyMs: index % 2 === 0 ? 30 : 60,
      inFlight: 30,
      dropped: false,
      nowMs: 100,
    });
  const { baselineMs, baselineErrorMs } = step.state.decided;
  assert.ok(baselineMs > 40 && baselineMs < 45, String(baselineMs));
  assert.ok(baselineErrorMs > 0 && baselineErrorMs < 3, String(baselineErrorMs));
});

test('a drop lowers the limit once, each further one of the same time closes a place', () => {
  const drop = { latencyMs: 1, inFlight: 50, dropped: true, nowMs: 10 };
  let step = rule.next(decidedAt(50).state, drop);
  assert.equal(step.limit, Math.floor(50 * KNEE.backoff));
  for (let drops = 2; drops <= 20; drops++) step = rule.next(step.state, drop);
  assert.equal(step.limit, 30);
});

test('a refusal of a task from before, without a drop since, changes nothing', () => {
  const { state } = decidedAt(50);
  assert.equal(
    rule.next({ ...state, sinceMs: 100 }, { latencyMs: 50, inFlight: 50, dropped: true, nowMs: 120 }).limit,
    50,
  );
});

test('for some windows the limit stays below what met a drop, then it tries more', () => {
  const drop = { latencyMs: 1, inFlight: 50, dropped: true, nowMs: 10 };
  const dropped = rule.next(decidedAt(50).state, drop);
  const held = answered(dropped, [40, 40, 40, 40, 40, 40, 40, 40], 100);
  assert.ok(held.limit <= 50 * KNEE.ceilingShare, String(held.limit));
  const later = answered(
    held,
    Array.from({ length: 10 }, () => 40),
    1000,
  );
  assert.ok(later.limit > 50, String(later.limit));
  // Another drop there holds for longer.
  const again = rule.next(held.state, { ...drop, nowMs: 2000, inFlight: held.limit });
  assert.equal(again.state.decided.ceilingWindows, KNEE.ceilingWindows * 2);
});

test('where means differ from window to window, the same difference is no queue', () => {
  const cutBy = (roughness: number) => answered(decidedAt(50, { roughness, lastMs: 46 }), [46], 0).limit;
  assert.ok(cutBy(0) < 50);
  assert.ok(cutBy(KNEE.mostRough) >= 50, String(cutBy(KNEE.mostRough)));
  const { roughness } = answered(decidedAt(50, { lastMs: 40 }), [42], 0).state.decided;
  assert.ok(Math.abs(roughness - 0.05 * KNEE.roughShare) < 1e-9, String(roughness));
  const most = answered(decidedAt(50, { lastMs: 40 }), [400], 0).state.decided.roughness;
  assert.ok(Math.abs(most - KNEE.mostRough * KNEE.roughShare) < 1e-9, String(most));
});

test('a mean far below the baseline replaces it', () => {
  assert.equal(answered(decidedAt(50), [20], 0).state.decided.baselineMs, 20);
});

test('answers without a time change nothing', () => {
  const { state, limit } = decidedAt(50);
  const sample = { latencyMs: Number.NaN, inFlight: 50, dropped: false, nowMs: 10 };
  assert.deepEqual(rule.next(state, sample), { limit, state });
});

const STATION: StationState = {
  ...{ capacity: 50, queue: 20, holdMs: 40, sigma: 0.05, rate: Number.POSITIVE_INFINITY },
};
const possible = (capacity: number, durationMs: number) => (capacity * durationMs) / STATION.holdMs;

/** Bounds that are far from what it reaches, for what a change must not break. */
test('on a station it follows the capacity, and is rarely refused', () => {
  const capacity = (ms: number) => (ms < 2000 || ms >= 4000 ? 50 : 15);
  const run = {
    at: (ms: number) => ({ ...STATION, capacity: capacity(ms) }),
    durationMs: 6000,
    pauseMs: 0.5,
  };
  const { served, refused } = simulate(rule, run);
  assert.ok(served > 0.85 * (2 * possible(50, 2000) + possible(15, 2000)), String(served));
  assert.ok(refused < 0.02 * served, `${refused} of ${served}`);
});

test('on a station whose rate is limited it serves nearly that rate', () => {
  const run = { at: () => ({ ...STATION, rate: 500 }), durationMs: 6000, pauseMs: 0.5, burst: 40 };
  const { served, refused } = simulate(rule, run);
  assert.ok(served > 0.85 * 500 * 6, String(served));
  assert.ok(refused < 0.05 * served, `${refused} of ${served}`);
});
