import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { experimentOf } from '../../harness/measure/plan/catalog.ts';
import type { Row } from '../../harness/model/row.ts';
import { readRecords } from '../../harness/record/record-files.ts';
import { summarise } from '../../harness/report/summary.ts';
import { catalog } from '../fixtures/project.ts';
import { madeUpRows } from '../fixtures/record.ts';

const reference = readRecords(join(import.meta.dirname, '../../results/reference'));
const { experiments } = summarise(reference, experimentOf(catalog));

test('the reference run is of experiments that there are', () => {
  assert.ok(experiments.length > 0);
  for (const { id } of experiments)
    assert.ok(
      catalog.some((entry) => entry.id === id),
      id,
    );
});

// A run that was interrupted, or had few rounds, lacks rows and intervals in any combination.
for (const entry of catalog) {
  const { id, experiment } = entry;
  const measured = experiments.find((one) => one.id === id)?.rows;
  // One that is newer than the reference run has the rows of its variants, with numbers made up.
  const tried: [kind: string, rows: readonly Row[]][] = [
    ['made-up', madeUpRows(entry, 'book', { value: 2, low: 1.9, high: 2.1 })],
    ...(measured === undefined ? [] : [['measured', measured] as [string, readonly Row[]]]),
  ];
  for (const [kind, rows] of tried)
    test(`${id}: whatever ${kind} rows there are, each chart's title is a sentence of numbers, or the finding is`, () => {
      const unproven = rows.map((row) => ({ ...row, speedup: { ...row.speedup, low: null, high: null } }));
      fc.assert(
        fc.property(fc.subarray([...rows]), fc.subarray(unproven), (some, others) => {
          for (const { view, says } of experiment.charts)
            for (const shown of [some, others, []]) {
              const sentence = says?.(shown) ?? '';
              assert.match(sentence, /^$|\.$/, view);
              assert.doesNotMatch(sentence, /NaN|undefined|null|Infinity/, view);
            }
        }),
      );
    });
}
