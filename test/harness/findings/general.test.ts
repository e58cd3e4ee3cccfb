import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  areTooFew,
  chartSentence,
  fastestFinding,
  plain,
  unprovenFinding,
} from '../../../harness/findings/general.ts';
import { LONGEST } from '../../../harness/findings/longest.ts';
import type { Estimate, Row } from '../../../harness/model/row.ts';
import { madeUpRow } from '../../fixtures/record.ts';

const proven = (value: number): Estimate => ({ value, low: value * 0.95, high: value * 1.05 });
const unproven = (value: number): Estimate => ({ value, low: null, high: null });
const row = (variant: string, speedup: Estimate, given: Partial<Row> = {}) =>
  madeUpRow({ variant, speedup, ...given });
const serial = row('serial', { value: 1, low: 1, high: 1 }, { baseline: true });

test('rows are too few only where none has the rounds that an interval takes', () => {
  const rounds = (...numbers: number[]) => numbers.map((number) => row('own', proven(1), { rounds: number }));
  assert.equal(areTooFew(rounds(1, 5)), true);
  assert.equal(areTooFew(rounds(1, 6)), false);
});

test('too few rounds prove nothing, and say what was seen', () => {
  const rows = [serial, row('slow', unproven(2)), row('own', unproven(3))].map((one) => ({
    ...one,
    rounds: 3,
  }));
  assert.deepEqual(unprovenFinding(rows), {
    headline: 'Nothing is proven by 3 rounds: run at least 6.',
    short: 'own 3.00x, unproven',
    details: ['Seen, but not proven: own at 3.00x the speed of its baseline.'],
  });
  const once = rows.map((one) => ({ ...one, rounds: 1 }));
  assert.equal(unprovenFinding(once).headline, 'Nothing is proven by 1 round: run at least 6.');
  assert.deepEqual(unprovenFinding([serial]).details, []);
});

test('enough rounds that are not shared with the baseline are not called too few', () => {
  const { headline } = unprovenFinding([{ ...serial, rounds: 1 }, row('own', unproven(3))]);
  assert.equal(headline, 'Nothing is proven: no row shares 6 rounds with its baseline.');
});

test('the fastest row is named with its interval, its bound and what is tied with it', () => {
  const rows = [serial, row('a', proven(2)), row('b', proven(1.97)), row('c', proven(1.5))];
  assert.deepEqual(fastestFinding(rows, rows, 'Use it.'), {
    headline: 'a is 2.00x as fast as serial.',
    short: 'a is 2.00x as fast as serial',
    details: ['It is 2.00x as fast (1.90 to 2.10), at 90 % of its bound. Tied with it: b.', 'Use it.'],
  });
});

test('a row without a bound has no share of it', () => {
  const rows = [serial, row('a', proven(2), { boundMs: 0 })];
  assert.deepEqual(fastestFinding(rows).details, ['It is 2.00x as fast (1.90 to 2.10).']);
});

test('where there are several groups the row is named with its own', () => {
  const rows = ['1 ms', '9 ms'].flatMap((group, index) => [
    { ...serial, group },
    row('a', proven(3 + index / 50), { group }),
  ]);
  assert.equal(fastestFinding(rows).headline, 'a (9 ms) is 3.02x as fast as serial.');
  assert.doesNotMatch(fastestFinding(rows).details[0]!, /Tied/, 'a row of another group is not tied with it');
});

test('where none is faster, no advice is given', () => {
  const expected = plain('No row is proven to be faster than its baseline.');
  for (const speedup of [{ value: 1.2, low: 0.9, high: 1.5 }, proven(0.5)])
    assert.deepEqual(fastestFinding([serial, row('a', speedup)], undefined, 'Use it.'), expected);
  assert.deepEqual(fastestFinding([serial, row('a', unproven(3))], undefined, 'Use it.').details, [
    'Seen, but not proven: a at 3.00x the speed of its baseline.',
  ]);
});

test('peers and unequal work are not compared, and what is left is told', () => {
  const headline = (...rows: Row[]) => fastestFinding(rows).headline;
  assert.equal(headline(), 'Nothing was measured.');
  assert.equal(headline(serial), 'Nothing was compared.');
  assert.equal(headline(serial, row('peer', proven(9), { peer: 'aiohttp' })), 'Nothing was compared.');
  const unequal = row('a', proven(9), { sameWork: false });
  assert.equal(headline(serial, unequal), 'These rows do unequal work, so no speedup is told.');
  assert.equal(headline(serial, unequal, row('b', proven(2))), 'b is 2.00x as fast as serial.');
});

test('whatever rows are called, a finding fits', () => {
  const long = 'a name that goes on '.repeat(9);
  for (const given of [{}, { rounds: 2 }, { group: long }])
    for (const speedup of [proven(12_345), unproven(2)]) {
      const rows = [
        row(`baseline, ${long}`, proven(1), { baseline: true, ...given }),
        row(long, speedup, given),
      ];
      for (const { headline, short } of [fastestFinding(rows), unprovenFinding(rows)]) {
        assert.ok(headline.length <= LONGEST.headline, headline);
        assert.ok(short.length <= LONGEST.short, short);
      }
    }
});

test("a chart's sentence is of the rows that it shows", () => {
  const rows = [serial, row('a', proven(2)), row('b', proven(3))];
  assert.equal(chartSentence(rows.slice(1, 2), rows), 'a is 2.00x as fast as serial.');
  assert.equal(chartSentence([], rows), 'Nothing of this was measured.');
  const few = rows.map((one) => ({ ...one, rounds: 2 }));
  assert.equal(chartSentence(few, few), 'Nothing is proven by 2 rounds: run at least 6.');
});
