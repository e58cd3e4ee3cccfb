import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { readRecords } from '../../harness/record/record-files.ts';
import { summarise } from '../../harness/report/summary.ts';
import { differences } from '../../studies/numbers/same-numbers.ts';

test('the records of results/reference still give every number of its summary', () => {
  const directory = join(import.meta.dirname, '../../results/reference');
  const { environment, ...before } = JSON.parse(readFileSync(join(directory, 'summary.json'), 'utf8'));
  const after = JSON.parse(JSON.stringify(summarise(readRecords(directory), () => undefined)));
  assert.ok(before.experiments.length > 0);
  assert.deepEqual(differences(before, after), []);
});

test('a number that moved is named with its place, whatever the order of rows', () => {
  const row = (variant: string, medianMs: number) => ({ group: 'g', variant, medianMs, low: null });
  const before = { experiments: [{ id: 'crawl', rows: [row('a', 1), row('b', 2)] }] };
  const after = { experiments: [{ id: 'crawl', more: 1, rows: [row('b', 2.5), row('a', 1)] }] };
  assert.deepEqual(differences(before, before), []);
  assert.deepEqual(differences(before, after), ['.experiments[crawl].rows[g b].medianMs: 2 became 2.5']);
  assert.deepEqual(differences({ low: 1 }, {}), ['.low: 1 became nothing']);
  assert.deepEqual(differences([1], [1, 2]), [': 1 became 2']);
});
