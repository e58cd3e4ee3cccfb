import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { findingsOf } from '../../harness/measure/plan/catalog.ts';
import { readRecords } from '../../harness/record/record-files.ts';
import { summarise } from '../../harness/report/summary.ts';
import { catalog } from '../fixtures/project.ts';

const reference = readRecords(join(import.meta.dirname, '../../results/reference'));
const { experiments } = summarise(reference, findingsOf(catalog));

// A run that was interrupted, or had few rounds, lacks rows and intervals in any combination.
for (const { id, experiment } of catalog)
  test(`${id}: whatever rows there are, each chart's title is a sentence of numbers, or the finding is`, () => {
    const { rows } = experiments.find((one) => one.id === id)!;
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
