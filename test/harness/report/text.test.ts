import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinNames, keepUnits, wrapText } from '../../../harness/report/text.ts';

test('a unit stays with its number, in any line break', () => {
  assert.deepEqual(wrapText('takes 85 % of 12 ms', 8), ['takes', '85 % of', '12 ms']);
  assert.equal(
    keepUnits('5 % of 12 ms, 3 KiB; 4 seconds, a B'),
    '5\u00a0% of 12\u00a0ms, 3\u00a0KiB; 4 seconds, a B',
  );
  assert.deepEqual(
    wrapText('aa bb', 4, (part) => part.length / 2),
    ['aa bb'],
  );
});

test('lines are as long as they may be, and words stay whole', () => {
  assert.deepEqual(wrapText('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrapText('unbreakable', 3), ['unbreakable']);
});

test('names that are empty are left out of a name of several', () => {
  assert.equal(joinNames(['crawl', '', 'serial'], ' / '), 'crawl / serial');
  assert.equal(joinNames(['', 'serial'], ' / '), 'serial');
});
