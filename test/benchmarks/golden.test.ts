import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { rowsOfRecord } from '../../harness/findings/rows.ts';
import { wordsOf } from '../../harness/findings/words.ts';
import { readRecords } from '../../harness/record/record-files.ts';
import { EFFECTS, MADE_UP } from '../fixtures/effects.ts';
import { golden } from '../fixtures/golden.ts';
import { catalog } from '../fixtures/project.ts';
import { wordsOfRows, wordsText } from '../fixtures/words.ts';

const reference = readRecords(join(import.meta.dirname, '../../results/reference'));
const entryOf = (id: string) => catalog.find((entry) => entry.id === id)!;

test('each experiment of the reference run is there, and has made-up rows', () => {
  const ids = reference.map(({ experiment }) => experiment.id).toSorted();
  assert.deepEqual(ids, Object.keys(MADE_UP).toSorted());
  for (const id of ids) assert.ok(entryOf(id), id);
});

for (const record of reference) {
  const { id } = record.experiment;
  test(`${id}: what is said of the reference run`, (t) => {
    const { experiment } = entryOf(id);
    const { words, faults } = wordsOf(record, experiment, rowsOfRecord(record, experiment.unequalWork));
    assert.deepEqual(faults, []);
    golden(t, `findings/${id}-reference.txt`, wordsText(words));
  });
}

for (const [id, rows] of Object.entries(MADE_UP))
  for (const effect of EFFECTS)
    test(`${id}: what is said of an effect that is ${effect}`, (t) => {
      const { words, faults } = wordsOfRows(entryOf(id), rows(effect));
      assert.deepEqual(faults, []);
      golden(t, `findings/${id}-${effect}.txt`, wordsText(words));
    });
