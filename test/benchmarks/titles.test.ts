import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { LONGEST } from '../../harness/findings/longest.ts';
import { rowsOfRecord } from '../../harness/findings/rows.ts';
import { tellApart } from '../../harness/findings/words.ts';
import { readRecords } from '../../harness/record/record-files.ts';
import { catalog } from '../fixtures/project.ts';

const reference = readRecords(join(import.meta.dirname, '../../results/reference'));

test('the reference run is of experiments that there are', () => {
  assert.ok(reference.length > 0);
  for (const { experiment } of reference)
    assert.ok(
      catalog.some((entry) => entry.id === experiment.id),
      experiment.id,
    );
});

// A run that was interrupted, or had few rounds, lacks rows and intervals in any combination.
for (const record of reference) {
  const { experiment } = catalog.find(({ id }) => id === record.experiment.id)!;
  const rows = rowsOfRecord(record, experiment.unequalWork);
  const unproven = rows.map((row) => ({ ...row, speedup: { ...row.speedup, low: null, high: null } }));
  for (const { view, says } of experiment.charts)
    if (says !== undefined)
      test(`${record.experiment.id}, ${view}: the title of all measured rows is a sentence; the title of some rows is a sentence or null`, () => {
        // A chart that is newer than the record may lack its rows.
        const isDrawn = record.charts.some((chart) => chart.view === view);
        assert.match(says(tellApart(rows)), isDrawn ? /^\S.*\.$/ : /^(\S.*\.)?$/);
        assert.equal(says({ own: [], floors: [], peers: [] }), '');
        fc.assert(
          fc.property(fc.subarray(rows), fc.subarray(unproven), (some, others) => {
            for (const title of [some, others].map((shown) => says(tellApart(shown)))) {
              if (title === '') continue;
              assert.match(title, /^\S.*\.$/);
              assert.ok(title.length <= LONGEST.headline);
              assert.doesNotMatch(title, /NaN|undefined|null|Infinity/);
            }
          }),
        );
      });
}
