import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rankSumTest } from '../../harness/statistics/rank-sum.ts';
import { exceedsLimit, upperLimit } from '../../studies/gate/others/bencher.ts';
import { isSignificantlySlower } from '../../studies/gate/others/benchstat.ts';
import { GATES_OF_ROUNDS, type RoundTimes } from '../../studies/gate/others/gates.ts';
import { exceedsThreshold } from '../../studies/gate/others/github-action-benchmark.ts';
import { overlapGate } from '../../studies/gate/others/overlap-gate.ts';
import { isEnough, isResolved, relativeDifference } from '../../studies/gate/others/tachometer.ts';

/** As many values of one kind. */
const times = (count: number, value: number) => Array.from({ length: count }, () => value);

function close(actual: number | null | undefined, expected: number, within = 1e-6): void {
  assert.ok(Math.abs(actual! - expected) <= within, `${actual} is not ${expected}`);
}

test('github-action-benchmark: a mean must be more than the threshold times as large', () => {
  assert.equal(exceedsThreshold([100], [200]), false);
  assert.equal(exceedsThreshold([100], [200.1]), true);
  assert.equal(exceedsThreshold([90, 110], [100, 121], 1.1), true);
  assert.equal(exceedsThreshold([90, 110], [100, 119], 1.1), false);
});

/** From the example in benchstat's documentation: ns/op of ten runs before and after a change. */
const JSON_BEFORE = [1726, 1723, 1707, 1707, 1713, 1729, 1736, 1707, 1705, 1774];
const JSON_AFTER = [1423, 1416, 1411, 1413, 1412, 1426, 1422, 1424, 1447, 1425];
const GOB_BEFORE = [3069, 3075, 3069, 3067, 3207, 3064, 3064, 3058, 3059, 3062];
const GOB_AFTER = [3075, 3065, 3059, 3065, 3060, 3081, 3186, 3135, 3087, 3062];

test('benchstat: the verdicts and the p of its own example', () => {
  close(rankSumTest(GOB_BEFORE, GOB_AFTER).p, 0.446, 0.0005);
  assert.equal(isSignificantlySlower(GOB_BEFORE, GOB_AFTER), false);
  assert.equal(isSignificantlySlower(JSON_AFTER, JSON_BEFORE), true);
  assert.equal(isSignificantlySlower(JSON_BEFORE, JSON_AFTER), false, 'faster is not slower');
});

test('benchstat: there is no margin', () => {
  const before = times(10, 100).map((value, index) => value + index / 1000);
  assert.equal(
    isSignificantlySlower(
      before,
      before.map((value) => value + 0.01),
    ),
    true,
  );
});

test('Bencher: the limits in its documentation and its tests', () => {
  const history = [100, ...times(12, 90), ...times(12, 110)];
  close(upperLimit(history, 0.977), 121.46, 0.005);
  const deviation = Math.sqrt(5 / 6);
  close(upperLimit([...times(3, -deviation), ...times(3, deviation)], 0.85), 1.2483714094976244);
});

test('Bencher: only the latest 64 figures count, and without a spread there is no alert', () => {
  const latest = times(64, 0).map((_, index) => 100 + (index % 2));
  assert.equal(upperLimit([...times(9, 500), ...latest]), upperLimit(latest));
  assert.equal(upperLimit([100]), null);
  assert.equal(upperLimit([100, 100]), null);
  assert.equal(exceedsLimit([[100], [100]], [500]), false);
});

test('Bencher: one figure of a run is compared, not its samples', () => {
  const history = [[99, 101], [102], [98], [101], [99]];
  assert.equal(exceedsLimit(history, [90, 110]), false);
  assert.equal(exceedsLimit(history, [109, 111]), true);
});

/** What `computeDifference` and `autoSampleConditionsResolved` of tachometer 0.7.2 give for these. */
const BEFORE = [57.1, 55.4, 56.7, 54.1, 57.9, 60.2];
const AFTER = [62.3, 58.4, 61.1, 64.9, 59.6, 60.8];
const ALIKE = [57.3, 58.4, 56.1, 54.9, 59.6, 55.8];

test('tachometer: its own intervals and stopping rule', () => {
  const { low, high } = relativeDifference(BEFORE, AFTER);
  close(low, 0.01638908139645475, 1e-9);
  close(high, 0.13416745053090337, 1e-9);
  const alike = relativeDifference(BEFORE, ALIKE);
  close(alike.low, -0.04853925146880806, 1e-9);
  close(alike.high, 0.05264001303881418, 1e-9);
  const resolved = [0, 0.05, 0.01, 0.2].map((horizon) => isResolved(BEFORE, AFTER, horizon));
  assert.deepEqual(resolved, [true, false, true, true]);
  // From 12.1 % to 1.9 % faster is 1.6 % to 13.4 % slower in the other direction.
  assert.equal(isResolved(AFTER, BEFORE, 0.13), false);
});

test('tachometer: 50 samples, then ten at a time, until it is resolved or three minutes are over', () => {
  const slower = { beforeMs: times(50, 100), afterMs: times(50, 110), extraSeconds: 0 };
  const spread = (values: readonly number[]) => values.map((value, index) => value + (index % 2));
  const same = { beforeMs: spread(times(60, 100)), afterMs: spread(times(60, 100)), extraSeconds: 179 };
  assert.equal(isEnough(slower, 0), true);
  assert.equal(isEnough({ ...slower, beforeMs: times(49, 100), afterMs: times(49, 110) }, 0), false);
  assert.equal(isEnough(same, 0), false);
  assert.equal(isEnough({ ...same, extraSeconds: 180 }, 0), true);
  const between = { beforeMs: spread(times(55, 100)), afterMs: spread(times(55, 100)), extraSeconds: 999 };
  assert.equal(isEnough(between, 0), false);
});

/** The same round again and again. */
function* again(beforeMs: number, afterMs: number): Generator<RoundTimes, never> {
  for (let index = 0; ; index++) {
    const noise = 1 + ((index * 7) % 10) / 10_000;
    yield { beforeMs: [beforeMs * noise], afterMs: [afterMs] };
  }
}

test('Overlap: six rounds decide, and a regression is measured twice', () => {
  assert.deepEqual(overlapGate(again(100, 110), 3, 0.05), { slower: true, rounds: 12 });
  assert.deepEqual(overlapGate(again(100, 101), 3, 0.05), { slower: false, rounds: 6 });
  assert.deepEqual(overlapGate(again(100, 90), 3, 0.05), { slower: false, rounds: 6 });
});

test('Overlap: what is not regressed again is no regression', () => {
  function* once(): Generator<RoundTimes> {
    for (let round = 1; round <= 6; round++) yield { beforeMs: [100 + round / 10], afterMs: [110] };
    yield* again(100, 100);
  }
  assert.deepEqual(overlapGate(once(), 3, 0.05), { slower: false, rounds: 12 });
});

test('tachometer: with a horizon of 5 %, a row that is 3 % slower is not called slower', () => {
  const answers = GATES_OF_ROUNDS.filter(({ name }) => name.startsWith('tachometer')).map(
    ({ name, check }) => [name, check(again(100, 103), 3)],
  );
  assert.deepEqual(Object.fromEntries(answers), {
    'tachometer, 0 %': { slower: true, rounds: 50 },
    'tachometer, 5 %': { slower: false, rounds: 50 },
  });
});

test('Overlap: rounds are paired, so that what both sides share does not count', () => {
  function* drifting(): Generator<RoundTimes, never> {
    for (let beforeMs = 100; ; beforeMs *= 1.5) yield { beforeMs: [beforeMs], afterMs: [beforeMs * 1.1] };
  }
  assert.deepEqual(overlapGate(drifting(), 3, 0.05), { slower: true, rounds: 12 });
});

/** Rounds with two changes in turn. */
function* inTurn(one: number, other: number): Generator<RoundTimes, never> {
  for (;;) yield* [one, other].map((change) => ({ beforeMs: [100], afterMs: [100 * (1 + change)] }));
}

test('Overlap: an undecided row ends after 20 rounds, after 15 minutes, or when no verdict is within reach', () => {
  assert.deepEqual(overlapGate(inTurn(0.046, 0.068), 3, 0.05), { slower: false, rounds: 20 });
  assert.deepEqual(overlapGate(inTurn(0.046, 0.068), 100, 0.05), { slower: false, rounds: 9 });
  assert.deepEqual(overlapGate(inTurn(-0.1, 0.2), 3, 0.05), { slower: false, rounds: 10 });
});

test('Overlap: repeats make one figure of a round, the median of their logarithms', () => {
  function* repeated(): Generator<RoundTimes, never> {
    for (;;) yield { beforeMs: [100, 100, 100], afterMs: [100, 112, 300] };
  }
  assert.deepEqual(overlapGate(repeated(), 3, 0.05), { slower: true, rounds: 12 });
  assert.deepEqual(overlapGate(repeated(), 3, 0.15), { slower: false, rounds: 6 });
});
