import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rank } from '../../../harness/findings/judge.ts';
import {
  boundText,
  clipped,
  count,
  joinParts,
  listOf,
  longText,
  namesOf,
  rankText,
  speedText,
} from '../../../harness/findings/wording.ts';
import type { Estimate, Row } from '../../../harness/model/row.ts';
import { madeUpRow } from '../../fixtures/record.ts';

const proven = (value: number): Estimate => ({ value, low: value * 0.9, high: value * 1.1 });
const row = (variant: string, speedup: Estimate, given: Partial<Row> = {}) =>
  madeUpRow({ variant, speedup, ...given });

test('names are joined to a list, and no names give an empty text', () => {
  assert.deepEqual(
    [[], ['a'], ['a', 'b'], ['a', 'b', 'c']].map((names) => listOf(names)),
    ['none', 'a', 'a and b', 'a, b and c'],
  );
});

test('a long list of rows says how many more there are', () => {
  const rows = ['a', 'b', 'c', 'd', 'e'].map((name) => row(name, proven(1)));
  assert.equal(namesOf(rows), 'a, b, c and 2 more');
  assert.equal(namesOf(rows.slice(0, 3)), 'a, b and c');
  assert.equal(namesOf(rows, 1), 'a and 4 more');
});

test('a number has the noun of one, or of many', () => {
  assert.deepEqual(
    [0, 1, 2].map((number) => count(number, 'job')),
    ['0 jobs', '1 job', '2 jobs'],
  );
  assert.equal(count(2, 'try', 'tries'), '2 tries');
});

test('empty parts are left out', () => {
  assert.equal(joinParts(['One.', '', null, undefined, 'Two.']), 'One. Two.');
  assert.equal(joinParts(['one', null, 'two'], '; '), 'one; two');
  assert.equal(joinParts([]), '');
});

test('a text is cut where it is too long, and no sooner', () => {
  assert.equal(clipped('seventeen letters', 17), 'seventeen letters');
  assert.equal(clipped('seventeen letters', 16), 'seventeen lette…');
  assert.equal(clipped('seventeen letters', 11), 'seventeen…');
});

test('a speed is worded by what is proven of it', () => {
  assert.equal(speedText(row('own', proven(3))), '3.00x as fast (2.70 to 3.30)');
  assert.equal(speedText(row('own', proven(0.5))), '0.500x as fast (0.450 to 0.550)');
  assert.equal(speedText(row('own', proven(1))), 'tied with its baseline at 1.00x (0.900 to 1.10)');
  assert.equal(speedText(row('own', { value: 3, low: null, high: null })), '3.00x as fast, unproven');
  assert.equal(speedText(row('own', proven(3), { sameWork: false })), '3.00x as fast, unproven');
});

test('how much longer a row takes has an interval beside the baseline only', () => {
  const baseline = row('serial', { value: 1, low: 1, high: 1 }, { baseline: true });
  const [slow, fast] = [row('slow', { value: 0.5, low: 0.4, high: 0.8 }), row('fast', proven(2))];
  assert.equal(longText(slow, baseline), '2.00x as long (1.25 to 2.50)');
  assert.equal(longText(slow, fast), '4.00x as long');
});

test('a bound is that of one or of several', () => {
  const own = row('own', proven(1), { efficiency: 0.976 });
  assert.equal(boundText(own), '98 % of its bound');
  assert.equal(boundText(own, 'their'), '98 % of their bound');
});

test('a ranking names the fastest, those tied with it and the slowest', () => {
  const baseline = row('serial', { value: 1, low: 1, high: 1 }, { baseline: true });
  const text = (...rows: Row[]) => rankText(rank([baseline, ...rows])!, 'at 1 ms');
  assert.equal(
    text(row('a', proven(2)), row('b', proven(2.01)), row('c', proven(0.25))),
    'Fastest at 1 ms: b and a (tied). Slowest: c, 8.04x as long.',
  );
  assert.equal(
    text(row('a', proven(2))),
    'Fastest at 1 ms: a. Slowest: serial, 2.00x as long (1.80 to 2.20).',
  );
  assert.equal(text(row('a', proven(1))), 'All 2 are tied at 1 ms.');
});
