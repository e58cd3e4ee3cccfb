import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatRatio, formatTime, wrapText } from '../../../harness/report/text.ts';

test('times keep three digits in the unit that people would choose', () => {
  const shown = [0.01234, 9.996, 12.34, 999.4, 999.6, 1042.1, 101_234, 1_234_567].map(formatTime);
  assert.deepEqual(shown, [
    '0.0123 ms',
    '10.0 ms',
    '12.3 ms',
    '999 ms',
    '1.00 s',
    '1.04 s',
    '101 s',
    '1235 s',
  ]);
});

test('ratios keep three digits', () => {
  assert.deepEqual([0.987, 9.614, 99.96, 678.4, 12_345].map(formatRatio), [
    '0.987x',
    '9.61x',
    '100x',
    '678x',
    '12345x',
  ]);
});

test('lines are as long as they may be, and words stay whole', () => {
  assert.deepEqual(wrapText('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrapText('unbreakable', 3), ['unbreakable']);
});
