import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinRounds } from '../../../../harness/measure/checkout/alternate.ts';
import { ratiosOf } from '../../../../harness/report/finished.ts';
import { madeUpRecord, TENFOLD } from '../../../fixtures/record.ts';

test('runs of one round each become one record, in their order', () => {
  const joined = joinRounds(TENFOLD.map((times) => [madeUpRecord([times])]));
  const whole = madeUpRecord(TENFOLD);
  assert.equal(joined.length, 1);
  assert.equal(joined[0]!.rounds, TENFOLD.length);
  assert.deepEqual(joined[0]!.samples, whole.samples);
  assert.deepEqual(
    ratiosOf(joined[0]!).map(({ logs }) => logs),
    ratiosOf(whole).map(({ logs }) => logs),
  );
});

test('no run is no record', () => {
  assert.deepEqual(joinRounds([]), []);
});
