import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  formatMetric,
  formatRatio,
  formatTime,
  keepUnits,
  ratioDigits,
  wrapText,
} from '../../../harness/report/text.ts';

test('times keep three digits in the unit that people would choose', () => {
  const shown = [
    0.000_005, 0.000_05, 0.001_234, 0.01234, 9.996, 12.34, 999.4, 999.6, 1042.1, 101_234, 1_234_567,
  ].map(formatTime);
  assert.deepEqual(shown, [
    '5.00 ns',
    '0.0500 µs',
    '1.23 µs',
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

test('a ratio that would begin with zeros is a fraction', () => {
  assert.deepEqual([0.000_419, 0.009_994, 0.010_04].map(formatRatio), ['1/2390x', '1/100x', '0.0100x']);
  assert.deepEqual([1 / 123_456, 0.5].map(ratioDigits), ['1/123000', '0.500']);
});

test('figures have the unit that their name says, three digits, and no minus zero', () => {
  const shown = (name: string, values: readonly number[]) => values.map((value) => formatMetric(name, value));
  assert.deepEqual(shown('heapPerTaskBytes', [-0.4, 0, -0, -17, 1023.7, 1536, -2_000_000, 1024 ** 2 - 1]), [
    '0 B',
    '0 B',
    '0 B',
    '-17 B',
    '1.00 KiB',
    '1.50 KiB',
    '-1.91 MiB',
    '1.00 MiB',
  ]);
  assert.deepEqual(shown('wastedShare', [-0.0001, 0.5]), ['0.0 %', '50.0 %']);
  assert.deepEqual(shown('tries', [-0, 3, 0.25, -1234.5]), ['0', '3', '0.250', '-1235']);
});

test('a unit stays with its number, whoever breaks the line', () => {
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
