import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MetricError } from '../../harness/findings/metrics.ts';
import { variantsOf } from '../../harness/measure/plan/variants.ts';
import type { Estimate, Row } from '../../harness/model/row.ts';
import { MADE_UP } from '../fixtures/effects.ts';
import { catalog } from '../fixtures/project.ts';
import { madeUpRow } from '../fixtures/record.ts';

const entryOf = (id: string) => catalog.find((entry) => entry.id === id)!;
const findingOf = (id: string, own: readonly Row[]) =>
  entryOf(id).experiment.finding!({ own, floors: [], peers: [] })!;
const proven = (value: number): Estimate => ({ value, low: value * 0.99, high: value * 1.01 });

for (const entry of catalog) {
  test(`${entry.id}: has a headline, and a profile of every size`, () => {
    for (const profile of ['smoke', 'quick', 'book'])
      assert.ok(variantsOf(entry, profile).some(({ headline }) => headline));
  });

  test(`${entry.id}: without rows it says nothing`, () => {
    const finding = entry.experiment.finding?.({ own: [], floors: [], peers: [] }) ?? null;
    assert.ok(finding === null || /^(Nothing was|No row) /.test(finding.headline), finding?.headline);
  });
}

/** What each experiment reads besides times: a finding without it would be made up. */
const READ: Readonly<Record<string, readonly string[]>> = {
  concurrency: ['steadyPerSecond'],
  overload: ['failedJobs', 'EMFILEAttempts'],
  yielding: ['latencyP50Ms', 'requestsDuringWork'],
  coroutines: ['othersDoneMs', 'memoryPerThreadBytes'],
  limiters: ['timePerJobMs', 'startedAfterAbort'],
  database: ['cpuMs'],
};

for (const [id, names] of Object.entries(READ))
  for (const name of names)
    test(`${id}: rows without ${name} are an error and no 0`, () => {
      const rows = MADE_UP[id]!('proven').map((row) => {
        const { [name]: _, ...metrics } = row.metrics;
        return { ...row, metrics };
      });
      assert.throws(() => findingOf(id, rows), MetricError);
    });

test('overload recommends no semaphore that loses as many jobs', () => {
  const rows = MADE_UP.overload!('proven').map((row) =>
    row.group === 'capacity' ? { ...row, metrics: { ...row.metrics, failedJobs: 60 } } : row,
  );
  assert.match(findingOf('overload', rows).headline, /not fewer jobs are turned away/);
});

test('yielding calls CPU work no longer where it took less time', () => {
  const rows = MADE_UP.yielding!('proven').map((row) =>
    row.variant === 'every 5 ms'
      ? {
          ...row,
          metrics: { ...row.metrics, workMs: 440 },
          metricIntervals: { ...row.metricIntervals, workMs: proven(440) },
        }
      : row,
  );
  assert.match(
    findingOf('yielding', rows).details[0]!,
    /^With a yield every 5 ms, the CPU work is not measurably longer\. /,
  );
});

test('yielding gives no 0 % where CPU work took a little longer', () => {
  const rows = MADE_UP.yielding!('proven').map((row) =>
    row.group === 'how often'
      ? {
          ...row,
          metrics: { ...row.metrics, workMs: row.baseline ? 500 : 501 },
          metricIntervals: {
            ...row.metricIntervals,
            workMs: row.baseline
              ? { value: 500, low: 499.9, high: 500.1 }
              : { value: 501, low: 500.9, high: 501.1 },
          },
        }
      : row,
  );
  assert.match(findingOf('yielding', rows).details[0]!, /the CPU work is less than 1 % longer\. /);
});

test('connections speaks of no protocol whose rows have no interval', () => {
  const rows = MADE_UP.connections!('proven').map((row) =>
    row.group === 'TLS' ? { ...row, speedup: { ...row.speedup, low: null, high: null } } : row,
  );
  const finding = findingOf('connections', rows);
  assert.equal(finding.headline, 'Keep connections open: that alone is 1.50x as fast over HTTP.');
  assert.equal(finding.details.length, 1);
});

test('clients names a winner only where its interval leaves the next one behind', () => {
  const rows = (...speedups: number[]) => [
    madeUpRow({ variant: 'undici request', group: '0 ms', baseline: true }),
    ...speedups.map((value, index) =>
      madeUpRow({ variant: `client ${index}`, group: '0 ms', speedup: proven(value) }),
    ),
  ];
  assert.deepEqual(findingOf('clients', rows(2, 0.5)).details, [
    'Fastest at 0 ms: client 0. Slowest: client 1, 4.00x as long.',
    'Use client 0.',
  ]);
  assert.match(
    findingOf('clients', rows(2, 1.99, 0.5)).details[0]!,
    /^Fastest at 0 ms: client 0 and client 1 \(tied\)\./,
  );
  assert.equal(findingOf('clients', rows(1, 1)).headline, 'All clients are tied at 0 ms latency.');
});

test('database says that blocking calls should gain nothing where they do', () => {
  const rows = (value: number) =>
    MADE_UP.database!('proven').map((row) =>
      row.group === 'SQLite' && !row.baseline ? { ...row, speedup: proven(value) } : row,
    );
  assert.match(
    findingOf('database', rows(2)).details[2]!,
    /which should not be: 2\.00x \(1\.98 to 2\.02\)\.$/,
  );
  assert.match(findingOf('database', rows(1.02)).details[2]!, /gains little from Promise\.all: 1\.02x/);
});
