import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isOutOfReach, roundsForVerdict } from '../../../harness/statistics/outlook.ts';

/** A change with an interval on logarithms. */
const changeOf = (centre: number, halfWidth: number) => ({
  value: Math.exp(centre),
  low: Math.exp(centre - halfWidth),
  high: Math.exp(centre + halfWidth),
});
const margin = Math.expm1(0.05);
const undecided = (centre: number, halfWidth: number, rounds = 10) => ({
  change: changeOf(centre, halfWidth),
  rounds,
  margin,
});

test('the rounds for a verdict grow with the square of the width that is too much', () => {
  assert.equal(roundsForVerdict(undecided(0, 0.0999)), 40);
  assert.equal(roundsForVerdict(undecided(-0.025, 0.0499)), 40);
  assert.equal(roundsForVerdict(undecided(0.1, 0.0999)), 40);
  assert.equal(roundsForVerdict(undecided(0.1, 0.0501)), 11);
  assert.ok(roundsForVerdict(undecided(0.0499999, 0.02))! > 1e6);
  assert.equal(roundsForVerdict({ ...undecided(0, 0.1), change: { value: 1, low: null, high: null } }), null);
});

test('a verdict is out of reach if neither no change nor a change can be shown within the most rounds', () => {
  // After 20 rounds the half-width is 0.14: too wide for no change, and the change is too small for its width.
  assert.equal(isOutOfReach(undecided(0, 0.2), 20), true);
  assert.equal(isOutOfReach(undecided(0, 0.2), 200), false);
  // It may be a large change.
  assert.equal(isOutOfReach(undecided(0.12, 0.2), 20), false);
  assert.equal(isOutOfReach(undecided(-0.12, 0.2), 20), false);
  // It may be none.
  assert.equal(isOutOfReach(undecided(0, 0.06), 20), false);
  assert.equal(isOutOfReach(undecided(0.03, 0.06), 20), false);
  // It lies on the margin.
  assert.equal(isOutOfReach(undecided(0.05, 0.06), 20), true);
});

test('few rounds, and none with an interval, give nothing up', () => {
  assert.equal(isOutOfReach(undecided(0, 5, 9), 20), false);
  assert.equal(isOutOfReach(undecided(0, 5, 10), 20), true);
  assert.equal(isOutOfReach({ ...undecided(0, 5), change: { value: 1, low: null, high: null } }, 20), false);
});
