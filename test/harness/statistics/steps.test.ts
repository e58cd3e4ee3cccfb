import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bestSplit } from '../../../harness/statistics/divergence.ts';
import { holm } from '../../../harness/statistics/holm.ts';
import { rankSumTest } from '../../../harness/statistics/rank-sum.ts';
import { isLineBetter, likeliestStep, lineOf, stepsOf } from '../../../harness/statistics/steps.ts';

/** Deviations without order: the same ones as in a shuffled list of even steps. */
const NOISE = [3, -5, 1, 6, -2, -6, 4, 0, -3, 5, -1, 2, -4, 3, -2, 5, -6, 1, 4, -1, -3, 6, 0, -5, 2, -4].map(
  (step) => step / 1000,
);
const noisy = (level: (index: number) => number, count = NOISE.length) =>
  NOISE.slice(0, count).map((deviation, index) => level(index) + deviation);

/** The energy statistic as its paper writes it, from all pairs. */
function divergenceAt(values: readonly number[], at: number): number {
  const [left, right] = [values.slice(0, at), values.slice(at)];
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const pairs = (list: readonly number[]) =>
    list.flatMap((one, index) => list.slice(0, index).map((other) => Math.abs(one - other)));
  const across = left.flatMap((one) => right.map((other) => Math.abs(one - other)));
  const energy = 2 * mean(across) - mean(pairs(left)) - mean(pairs(right));
  return ((left.length * right.length) / values.length) * energy;
}

test('the best split is that of the largest energy statistic', () => {
  const values = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 6, maxLength: 30 });
  fc.assert(
    fc.property(values, (list) => {
      const { at, divergence } = bestSplit(list, 3)!;
      assert.ok(Math.abs(divergence - divergenceAt(list, at)) < 1e-9);
      for (let place = 3; place <= list.length - 3; place++)
        assert.ok(divergenceAt(list, place) <= divergence + 1e-9);
    }),
  );
  assert.equal(bestSplit([1, 2, 3, 4, 5], 3), null);
});

test("Holm's procedure stops at the first p above its level", () => {
  // The example of R's p.adjust: 0.01, 0.02, 0.03 are adjusted to 0.03, 0.04 and 0.04.
  assert.deepEqual(holm([0.02, 0.01, 0.03], 0.05), [0.05 / 2, 0.05 / 3, 0.05]);
  assert.deepEqual(holm([0.03, 0.01, 0.03], 0.05), [null, 0.05 / 3, null]);
  assert.deepEqual(holm([0.02, 0.9], 0.05), [0.05 / 2, null]);
  assert.deepEqual(holm([], 0.05), []);
});

test('a step is found at its place, with its size, and lies between the two positions', () => {
  const [step, ...others] = stepsOf(
    noisy((index) => (index < 15 ? 1 : 0.9)),
    0.01,
    0.02,
  );
  assert.equal(others.length, 0);
  assert.equal(step!.at, 15);
  assert.ok(Math.abs(step!.change.value + 0.1) < 0.005);
  assert.ok(step!.between[0] < 15 && step!.between[1] >= 15);
});

test('two steps are found in their order', () => {
  const values = noisy((index) => (index < 9 ? 1 : index < 18 ? 0.8 : 1.1));
  assert.deepEqual(
    stepsOf(values, 0.05, 0.02).map(({ at, change }) => [at, Math.round(change.value * 10) / 10]),
    [
      [9, -0.2],
      [18, 0.3],
    ],
  );
});

test('neither noise nor a step within the margin nor one outlier is a step', () => {
  assert.deepEqual(
    stepsOf(
      noisy(() => 1),
      0.05,
      0.001,
    ),
    [],
  );
  const small = noisy((index) => (index < 13 ? 1 : 0.985));
  assert.equal(stepsOf(small, 0.05, 0.02).length, 0);
  assert.equal(stepsOf(small, 0.05, 0.005).length, 1);
  assert.deepEqual(
    stepsOf(
      noisy((index) => (index === 20 ? 0.5 : 1)),
      0.05,
      0.02,
    ),
    [],
  );
});

/** The p of a step of the raw values, times the number of its possible places. */
function rawP(values: readonly number[]): number {
  const { at } = likeliestStep(values)!;
  return (values.length - 5) * rankSumTest(values.slice(0, at), values.slice(at)).p;
}

test('the p of a step is that of the rank-sum test, times the places that it could have', () => {
  const values = noisy((index) => (index < 13 ? 0 : 0.008));
  const { p, correlation } = likeliestStep(values)!;
  assert.equal(correlation, 0);
  assert.equal(p, rawP(values));
  assert.equal(likeliestStep(NOISE.map(() => 1))!.p, 1, 'equal values have no step');
});

test('neighbours that are alike raise the p of a step', () => {
  // A wave that a step of the same height would not show in.
  const waves = NOISE.map((deviation, index) => deviation / 10 + Math.sin(index / 2.5) / 100);
  const values = waves.map((value, index) => value + (index < 13 ? 0 : 0.02));
  const { p, correlation } = likeliestStep(values)!;
  assert.ok(correlation > 0.5, String(correlation));
  assert.ok(p > 10 * rawP(values), `${p} ${rawP(values)}`);
});

test('a drift is a line with a small p, and is better described by it than by its steps', () => {
  const drifting = noisy((index) => -0.004 * index);
  const line = lineOf(drifting);
  assert.ok(Math.abs(line.change + 0.1) < 0.01);
  assert.ok(line.p < 1e-4);
  assert.ok(isLineBetter(drifting, line, stepsOf(drifting, 0.05, 0.02)));
  const stepping = noisy((index) => (index < 13 ? 0 : -0.1));
  assert.ok(!isLineBetter(stepping, lineOf(stepping), stepsOf(stepping, 0.05, 0.02)));
  assert.ok(lineOf(noisy(() => 1)).p > 0.05);
});
