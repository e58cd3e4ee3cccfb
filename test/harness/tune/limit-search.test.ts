import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobsOfStep, kneesAround, ROUNDS } from '../../../harness/tune/limit-search.ts';
import { answerOf } from '../../../harness/tune/tune-answer.ts';
import { searchStation } from '../../fixtures/tune/figures.ts';

for (const capacity of [1, 3, 4, 10, 16, 50, 64, 100])
  test(`a station that serves ${capacity} at once is found exactly, if nothing varies`, () => {
    const steps = searchStation({ capacity, holdMs: 20 });
    const answer = answerOf(steps, 256)!;
    assert.deepEqual([answer.limit, answer.low, answer.high], [capacity, capacity, capacity]);
    assert.equal(answer.reason, 'saturated');
  });

for (const capacity of [4, 16, 64])
  test(`figures that vary by 15 % still give ${capacity}, within a quarter`, () => {
    for (let seed = 1; seed <= 50; seed++) {
      const { limit, low, high } = answerOf(searchStation({ capacity, holdMs: 20, noise: 0.15, seed }), 256)!;
      assert.ok(Math.abs(limit / capacity - 1) <= 0.25, `${limit} with seed ${seed}`);
      assert.ok(low! <= 1.15 * capacity && high! >= 0.9 * capacity, `${low} to ${high} with seed ${seed}`);
    }
  });

test('it doubles while that gains, and then takes six rounds of L/2, L and 2L', () => {
  const steps = searchStation({ capacity: 10, holdMs: 20 });
  const doubled = steps.filter(({ phase }) => phase === 'doubling').map(({ limit }) => limit);
  assert.deepEqual(doubled, [1, 2, 4, 8, 16, 32]);
  const rounds = steps.filter(({ phase }) => phase === 'rounds');
  assert.equal(rounds.length, 3 * ROUNDS);
  for (let round = 1; round <= ROUNDS; round++) {
    const limits = rounds.filter((step) => step.round === round).map(({ limit }) => limit);
    assert.deepEqual(
      limits.toSorted((one, other) => one - other),
      [5, 10, 20],
    );
  }
  assert.deepEqual(kneesAround(steps, 10), Array(ROUNDS).fill(10));
});

test('the order of rounds follows from the seed', () => {
  const orderOf = (seed: number) =>
    searchStation({ capacity: 10, holdMs: 20, seed }).map(({ limit }) => limit);
  assert.deepEqual(orderOf(1), orderOf(1));
  assert.notDeepEqual(orderOf(1), orderOf(2));
});

test('a step has three jobs a slot, and twenty besides those that fill and drain it', () => {
  assert.deepEqual([1, 4, 16, 20, 64].map(jobsOfStep), [22, 28, 52, 60, 192]);
});

test('after a refusal it goes on below alone, and confirms what it says', () => {
  const steps = searchStation({ capacity: 100, holdMs: 20, refusesAbove: 24 });
  const at = steps.findIndex(({ figures }) => figures.refusal !== null);
  assert.equal(steps[at]!.limit, 32);
  assert.deepEqual(
    steps.slice(at + 1).map(({ phase, limit }) => [phase, limit]),
    [['confirming', 16]],
  );
  const { limit, low, high, reason, detail, refusedAt } = answerOf(steps, 256)!;
  assert.deepEqual([limit, low, high, reason, detail, refusedAt], [16, 16, 16, 'refused', '503', 32]);
});

test('a rate limit that shows only in time lowers the limit until a confirmation holds', () => {
  const steps = searchStation({ capacity: 1000, holdMs: 50, refusesAbove: 40, refusesInTimeAbove: 10 });
  const confirming = steps.filter(({ phase }) => phase === 'confirming');
  assert.equal(confirming[0]!.limit, 32);
  for (const { limit, figures } of confirming) assert.equal(figures.refusal !== null, limit > 10);
  const last = confirming.at(-1)!.limit;
  assert.ok(last <= 10 && last >= 2, String(last));
  const { limit, reason, refusedAt } = answerOf(steps, 256)!;
  assert.deepEqual([limit, reason], [last, 'refused']);
  assert.ok(refusedAt! > 10);
});

test('where even one at a time is refused there is no answer', () => {
  assert.equal(answerOf(searchStation({ capacity: 100, holdMs: 20, refusesAbove: 0 }), 256), null);
});

test('without a limit up to the most it says so', () => {
  const steps = searchStation({ capacity: 1000, holdMs: 20 }, 64);
  const { limit, low, high, reason, lastGain } = answerOf(steps, 64)!;
  assert.deepEqual([limit, low, high, reason, lastGain], [64, 64, null, 'not-reached', 1]);
});

test('a limit just below the most is found, with 2L cut to the most', () => {
  const steps = searchStation({ capacity: 40, holdMs: 20 }, 64);
  assert.equal(Math.max(...steps.map(({ limit }) => limit)), 64);
  assert.equal(answerOf(steps, 64)!.limit, 40);
});

test('throughput that falls is another reason than throughput that stays', () => {
  const { reason, above } = answerOf(searchStation({ capacity: 16, holdMs: 20, crosstalk: 0.02 }), 256)!;
  assert.equal(reason, 'slower');
  assert.ok(above!.throughput.value < 0.8);
});

test('a search that was stopped answers from its steps so far', () => {
  const steps = searchStation({ capacity: 16, holdMs: 20 });
  const upTo = (phase: string, count: number) =>
    steps.slice(0, steps.findIndex((step) => step.phase === phase) + count);
  assert.equal(answerOf([], 256), null);
  assert.equal(answerOf(steps.slice(0, 3), 256)!.reason, 'not-reached');
  assert.deepEqual(
    [answerOf(upTo('rounds', 0), 256)!.limit, answerOf(upTo('rounds', 3), 256)!.limit],
    [16, 16],
  );
  assert.equal(answerOf(upTo('rounds', 3), 256)!.low, null);
});

test('where one step misled the doubling, L is chosen anew after two rounds', () => {
  const steps = searchStation({ capacity: 40, holdMs: 20, misleadingAt: 8 });
  const roundsOf = Map.groupBy(
    steps.filter(({ phase }) => phase === 'rounds'),
    ({ centre }) => centre,
  );
  assert.ok(roundsOf.size > 1);
  assert.equal([...roundsOf.values()][0]!.length, 2 * 3);
  assert.equal(answerOf(steps, 256)!.limit, 40);
});

test('where the interval reaches the most that may be tried, no limit was reached', () => {
  const { figures } = searchStation({ capacity: 1, holdMs: 20 })[0]!;
  const at = (limit: number, round: number) => ({
    ...{ phase: 'rounds' as const, limit, jobs: 100, centre: 40, round },
    figures: { ...figures, perSecond: limit * 45 },
  });
  const steps = [1, 2, 3, 4, 5, 6].flatMap((round) => [at(20, round), at(40, round), at(64, round)]);
  const { limit, high, reason } = answerOf(steps, 64)!;
  assert.deepEqual([limit, high, reason], [64, null, 'not-reached']);
  assert.equal(answerOf(steps, 80)!.reason, 'saturated');
});

test('rounds that were cut short do not replace an interval', () => {
  const steps = searchStation({ capacity: 16, holdMs: 20 });
  const [round] = steps.filter(({ phase }) => phase === 'rounds');
  const later = [15, 30, 60].map((limit) => ({ ...round!, centre: 30, round: 1, limit }));
  const { limit, low, high } = answerOf([...steps, ...later], 256)!;
  assert.deepEqual([limit, low, high], [16, 16, 16]);
});
