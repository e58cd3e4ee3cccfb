import assert from 'node:assert/strict';
import { test } from 'node:test';
import { boundValue, seriesInterval, seriesValue } from '../../../harness/charts/figures.ts';
import { madeUpRow } from '../../fixtures/record.ts';

const serial = madeUpRow({ variant: 'serial', baseline: true, medianMs: 1000, boundMs: 900 });
const fast = madeUpRow({
  variant: 'fast',
  medianMs: 100,
  boundMs: 80,
  speedup: { value: 10, low: 8, high: 12.5 },
  metrics: { jobsPerSecond: 500, cpuMs: 3 },
  metricIntervals: { jobsPerSecond: { value: 500, low: 480, high: 520 } },
});
const rows = [serial, fast];
const time = { figure: 'medianMs', title: 'time' };

test('the bound of a time is the bound, and that of a rate is the rate at the bound', () => {
  assert.equal(boundValue(rows, fast, time), 80);
  assert.equal(boundValue(rows, fast, { ...time, relativeTo: 'serial' }), 0.08);
  assert.equal(boundValue(rows, fast, { figure: 'jobsPerSecond', title: '' }), 625);
});

test('a figure without a bound has no bound value, and rows that never wait have no bound', () => {
  assert.equal(boundValue(rows, fast, { figure: 'cpuMs', title: '' }), null);
  assert.equal(boundValue(rows, { ...fast, boundMs: 0 }, time), null);
});

test('intervals are those of the time, of the metric, or of the speedup the other way round', () => {
  assert.deepEqual(seriesInterval(rows, fast, time), { low: fast.time.low, high: fast.time.high });
  assert.deepEqual(seriesInterval(rows, fast, { figure: 'jobsPerSecond', title: '' }), {
    low: 480,
    high: 520,
  });
  assert.equal(seriesInterval(rows, fast, { figure: 'cpuMs', title: '' }), null);
  assert.deepEqual(seriesInterval(rows, fast, { ...time, relativeTo: 'serial' }), {
    low: 1 / 12.5,
    high: 1 / 8,
  });
  assert.equal(seriesInterval(rows, serial, { ...time, relativeTo: 'serial' }), null);
  assert.equal(seriesValue(rows, fast, { ...time, relativeTo: 'serial' }), 0.1);
});
