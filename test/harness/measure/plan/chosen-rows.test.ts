import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { finishedRounds } from '../../../../harness/findings/finished.ts';
import { conduct } from '../../../../harness/measure/conduct/conduct.ts';
import { lastRecord } from '../../../../harness/measure/conduct/events.ts';
import { loadExperiment } from '../../../../harness/measure/plan/catalog.ts';
import { type ChosenRow, chosenRows, rowVariables } from '../../../../harness/measure/plan/chosen-rows.ts';
import { mostConnections } from '../../../../harness/measure/plan/open-files.ts';
import { estimateMs, planRun } from '../../../../harness/measure/plan/plan.ts';
import { kinds } from '../../../fixtures/kinds.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';

const crawl = await loadExperiment(join(import.meta.dirname, '../../../../benchmarks/crawl.ts'));
const { environment } = madeUpRecord([]);
const rowOf = (variant: string): ChosenRow => ({ experiment: 'crawl', group: '', variant });

async function planOf(rows: readonly ChosenRow[] | null) {
  const request = { names: [], profile: 'smoke', rounds: 1, seed: 1, rows } as const;
  const [plan] = await planRun({ catalog: [crawl], kinds, request, environment });
  return plan!;
}

test('rows go to another process and come back, and no rows are all rows', () => {
  const rows = [
    rowOf('semaphore@10, "slower"'),
    { experiment: 'clients', group: '1 ms', variant: 'got', repeats: 3 },
  ];
  assert.deepEqual(chosenRows(rowVariables(rows)), rows);
  assert.deepEqual(chosenRows(rowVariables([])), []);
  assert.equal(chosenRows(rowVariables(null)), null);
  assert.equal(chosenRows({}), null);
});

test('what is no list of rows is refused in one sentence', () => {
  for (const text of [
    'crawl',
    '{}',
    '[1]',
    '[{"experiment":"crawl","group":""}]',
    '[{"experiment":"crawl","group":"","variant":"serial","repeats":0}]',
  ])
    assert.throws(() => chosenRows({ OVERLAP_ROWS: text }), {
      message:
        'OVERLAP_ROWS must be a JSON list of rows, each with experiment, group and variant, as compare sets it; unset it.',
    });
});

test('chosen rows are measured without their baseline, and a pair of identical ones twice', async () => {
  const [all, plan] = [await planOf(null), await planOf([rowOf('promise-all'), rowOf('semaphore@10')])];
  assert.ok(estimateMs(plan) < estimateMs(all));
  assert.equal(mostConnections([plan])!.connections, 110);
  assert.equal(mostConnections([await planOf([rowOf('semaphore@10')])])!.connections, 10);
  const record = await lastRecord(conduct(plan, { signal: new AbortController().signal }));
  assert.equal(record.status, 'ok', record.reason ?? '');
  assert.deepEqual(
    record.variants.map(({ id }) => id),
    ['semaphore@10', 'promise-all'],
  );
  const seen = record.samples.map(({ variant, twin, target }) => [variant, twin, target.peakInFlight > 10]);
  assert.deepEqual(seen.toSorted(), [
    [0, false, false],
    [1, false, true],
    [1, true, true],
  ]);
});

test('a chosen row runs as often within a round as it is asked to, and its record says so', async () => {
  const plan = await planOf([{ ...rowOf('semaphore@10'), repeats: 3 }]);
  const record = await lastRecord(conduct(plan, { signal: new AbortController().signal }));
  assert.equal(record.status, 'ok', record.reason ?? '');
  assert.equal(record.variants[0]!.repeats, 3);
  assert.deepEqual(record.samples.map(({ repeat }) => repeat ?? 1).toSorted(), [1, 2, 3]);
  assert.equal(finishedRounds(record).length, 1);
});
