import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  COMMON_METRICS,
  commonMetric,
  hasMetric,
  isKnown,
  MetricError,
  metricCell,
  metricNamed,
  metricText,
  metricValue,
} from '../../../harness/findings/metrics.ts';
import type { Metric } from '../../../harness/model/row.ts';
import { madeUpRow } from '../../fixtures/record.ts';

const SIZE: Metric = { name: 'sizeBytes', unit: 'bytes', better: 'lower' };
const percentile = (share: number, countedBy: string): Metric => ({
  name: 'latencyMs',
  unit: 'ms',
  better: 'lower',
  percentile: { share, countedBy },
});
const rowWith = (metrics: Record<string, number>, requests = 0) =>
  madeUpRow({ variant: 'own', metrics, target: { requests, peakInFlight: 1, connections: 1 } });

test('a metric is what the experiment declares, or what every row has', () => {
  assert.equal(metricNamed('sizeBytes', [SIZE]), SIZE);
  assert.equal(metricNamed('cpuMs', [SIZE]), commonMetric('cpuMs'));
  const own: Metric = { ...commonMetric('cpuMs'), heading: 'CPU' };
  assert.equal(metricNamed('cpuMs', [own]), own);
  assert.equal(new Set(COMMON_METRICS.map(({ name }) => name)).size, COMMON_METRICS.length);
});

test('an undeclared metric is an error that names its reader', () => {
  const names = (error: unknown) => error instanceof MetricError && error.message;
  assert.throws(
    () => metricNamed('sizeBytes', [], 'The chart "memory"'),
    (error) =>
      names(error) ===
      'The chart "memory" reads the metric sizeBytes, which is not declared: add it to the metrics of the experiment.',
  );
  assert.throws(() => commonMetric('sizeBytes'), MetricError);
});

test('a metric that a row has not is an error that names the row, the metric, and what there is', () => {
  const row = rowWith({ cpuMs: 0, waitMs: 1 });
  for (const read of [metricValue, metricText])
    assert.throws(
      () => read(row, SIZE),
      (error) =>
        error instanceof MetricError &&
        error.message === 'The row "own" has no metric sizeBytes; it has cpuMs, waitMs.',
    );
  assert.equal(hasMetric(row, SIZE), false);
  assert.equal(metricCell(row, SIZE), '-');
});

test('a metric of 0 is a value, and no missing one', () => {
  const row = rowWith({ sizeBytes: 0 });
  assert.equal(hasMetric(row, SIZE), true);
  assert.equal(metricValue(row, SIZE), 0);
  assert.equal(metricCell(row, SIZE), '0 B');
});

test('what objects inherit is no metric', () => {
  assert.equal(hasMetric(rowWith({}), { ...SIZE, name: 'toString' }), false);
});

test('a metric is written in its unit', () => {
  const row = rowWith({ sizeBytes: 1536 });
  const written = (['bytes', 'ms', 'share', 'count', 'per second'] as const).map((unit) =>
    metricText(row, { ...SIZE, unit }),
  );
  assert.deepEqual(written, ['1.50 KiB', '1.54 s', '153600.0 %', '1536', '1536']);
});

test('a percentile is printed only where at least ten values lie beyond it', () => {
  for (const [share, least] of [
    [0.99, 1000],
    [0.9, 100],
    [0.5, 20],
    [0.999, 10_000],
  ] as const) {
    const metric = percentile(share, 'requests');
    assert.equal(metricCell(rowWith({ latencyMs: 12 }, least), metric), '12.0 ms', `${share} of ${least}`);
    assert.equal(metricCell(rowWith({ latencyMs: 12 }, least - 1), metric), '-', `${share} of ${least - 1}`);
  }
});

test('the values of a percentile are counted by its metric, and without that it is not known', () => {
  const metric = percentile(0.99, 'visits');
  assert.equal(isKnown(rowWith({ visits: 1000 }), metric), true);
  assert.equal(isKnown(rowWith({ visits: 999 }, 5000), metric), false);
  assert.equal(isKnown(rowWith({}, 5000), metric), false);
});

test('whatever is no percentile is known', () => {
  assert.equal(isKnown(rowWith({}), SIZE), true);
});
