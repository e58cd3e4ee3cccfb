import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { holm } from '../../../harness/statistics/holm.ts';
// Made by R's p.adjust; comparison.R beside it says how.
import cases from '../../fixtures/comparison.json' with { type: 'json' };

test('adjusted p values agree with R for 1 to 12 of them', () => {
  assert.equal(cases.holm.length, 24);
  for (const { p, adjusted } of cases.holm)
    for (const [position, ours] of holm(p).entries())
      assert.ok(Math.abs(ours - adjusted[position]!) < 1e-9, `${p}: ${ours} and ${adjusted[position]}`);
});

test('one p value stays as it is, and none gives none', () => {
  assert.deepEqual(holm([0.03]), [0.03]);
  assert.deepEqual(holm([]), []);
});

test('a p value is between 0 and 1', () => {
  for (const wrong of [-0.1, 1.1, Number.NaN]) assert.throws(() => holm([0.5, wrong]), RangeError);
});

const pValues = fc.array(
  fc.oneof(fc.constantFrom(0, 0.01, 0.05, 1), fc.double({ min: 0, max: 1, noNaN: true })),
  { maxLength: 30 },
);

test('no p value falls, none rises above 1, and their order stays', () =>
  fc.assert(
    fc.property(pValues, (list) => {
      const adjusted = holm(list);
      assert.equal(adjusted.length, list.length);
      for (const [one, p] of list.entries()) {
        assert.ok(adjusted[one]! >= p && adjusted[one]! <= 1);
        for (const [other, q] of list.entries()) {
          if (p < q) assert.ok(adjusted[one]! <= adjusted[other]!);
          if (p === q) assert.equal(adjusted[one], adjusted[other]);
        }
      }
    }),
    { numRuns: 100 },
  ));
