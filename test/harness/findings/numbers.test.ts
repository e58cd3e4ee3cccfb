import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  fixedDigits,
  formatFigure,
  formatRatio,
  formatShare,
  formatTime,
  ratioDigits,
  ratioWithInterval,
  threeDigits,
} from '../../../harness/findings/numbers.ts';
import type { Unit } from '../../../harness/model/row.ts';

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

test('a ratio stands before its interval, or alone without one', () => {
  assert.equal(ratioWithInterval({ value: 2.8, low: 2.708, high: 2.894 }), '2.80x (2.71 to 2.89)');
  assert.equal(ratioWithInterval({ value: 2.8, low: null, high: null }), '2.80x');
  assert.equal(ratioWithInterval({ value: 0.001, low: 0.0005, high: 0.02 }), '1/1000x (1/2000 to 0.0200)');
});

test('an end of an interval that is not 1 is not written as 1', () => {
  const ends = (low: number, high: number) => ratioWithInterval({ value: 1.01, low, high });
  assert.equal(ends(1.0012, 1.02), '1.01x (1.001 to 1.02)');
  assert.equal(ends(0.9999, 1.00004), '1.01x (0.9999 to 1.00004)');
  assert.equal(ends(0.9, 1), '1.01x (0.900 to 1.00)');
  assert.equal(ends(0.995, 1.004), '1.01x (0.995 to 1.004)');
});

test('figures have their unit, three digits, and no minus zero', () => {
  const shown = (unit: Unit, values: readonly (number | null)[]) =>
    values.map((value) => formatFigure(unit, value));
  assert.deepEqual(shown('bytes', [-0.4, 0, -0, -17, 1023.7, 1536, -2_000_000, 1024 ** 2 - 1]), [
    '0 B',
    '0 B',
    '0 B',
    '-17 B',
    '1.00 KiB',
    '1.50 KiB',
    '-1.91 MiB',
    '1.00 MiB',
  ]);
  assert.deepEqual(shown('share', [-0.0001, 0.5]), ['0.0 %', '50.0 %']);
  assert.deepEqual(shown('count', [-0, 3, 0.25, -1234.5]), ['0', '3', '0.250', '-1235']);
  assert.deepEqual(shown('per second', [1234, 12.345]), ['1234', '12.3']);
  assert.deepEqual(shown('ms', [0, 12.34, null]), ['0.00 ms', '12.3 ms', '-']);
  assert.equal(formatFigure('ms', undefined), '-');
});

test('what rounds to zero has no sign', () => {
  assert.deepEqual(
    [-0.001, -0.06, 0].map((figure) => fixedDigits(figure, 1)),
    ['0.0', '-0.1', '0.0'],
  );
  assert.deepEqual([-0, -0.5, -120.4].map(threeDigits), ['0.00', '-0.500', '-120']);
  assert.deepEqual(
    [formatShare(-0.001), formatShare(0.979), formatShare(0.979, 1)],
    ['0 %', '98 %', '97.9 %'],
  );
});
