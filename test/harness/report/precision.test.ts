import assert from 'node:assert/strict';
import { test } from 'node:test';
import { halfWidth, isPrecise } from '../../../harness/report/precision.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

test('half a width is the same up and down', () => {
  assert.ok(Math.abs(halfWidth({ value: 1, low: 1 / 1.02, high: 1.02 }) - 0.02) < 1e-12);
  assert.equal(halfWidth({ value: 1, low: null, high: null }), Number.POSITIVE_INFINITY);
});

test('a record is precise when the speedups of its headline rows are', () => {
  const record = madeUpRecord(TENFOLD);
  const headline = {
    ...record,
    rounds: 1000,
    variants: record.variants.map((variant, index) => ({
      ...variant,
      rounds: 1000,
      headline: index === 1,
    })),
  };
  assert.equal(isPrecise(headline, 0.001), false);
  assert.equal(isPrecise(headline, 0.1), true);
  // Five rounds have no interval, however alike they are.
  assert.equal(isPrecise({ ...headline, samples: headline.samples.slice(0, 15) }, 0.1), false);
  const none = record.variants.map((variant) => ({ ...variant, headline: false }));
  assert.equal(isPrecise({ ...record, variants: none }, 0.001), true);
});

test('a row whose baseline runs in no further round is as precise as it will be', () => {
  const record = madeUpRecord(TENFOLD);
  const variants = record.variants.map((variant, index) => ({
    ...variant,
    rounds: index === 0 ? TENFOLD.length : 1000,
    headline: index === 1,
  }));
  assert.equal(isPrecise({ ...record, rounds: 1000, variants }, 0.001), true);
});
