import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRecord } from '../../../../harness/record/schema.ts';
import { withBaselines, withControls } from '../../../../harness/report/comparison/further-rows.ts';
import { madeUpRecord, TENFOLD } from '../../../fixtures/record.ts';

/** Two groups, each with a baseline, an A/A pair and another row. */
function records(): RunRecord[] {
  const record = madeUpRecord(TENFOLD);
  const [serial, fast] = record.variants;
  const variants = ['one', 'two'].flatMap((group) => [
    { ...serial!, group, control: false },
    { ...fast!, group, id: 'pair', control: true },
    { ...fast!, group },
  ]);
  return [{ ...record, variants }, madeUpRecord(TENFOLD, { id: 'limiters' })];
}
const row = { experiment: 'crawl', group: 'two', variant: 'promise-all' };

test('a row goes with the A/A pair of its group, and no other row', () => {
  const { names, rows } = withControls([row], records());
  assert.deepEqual(names, ['crawl']);
  assert.deepEqual(rows, [row, { ...row, variant: 'pair' }]);
});

test('a row to confirm goes with its baseline, too, and each row once', () => {
  const pair = { ...row, variant: 'pair' };
  const { rows } = withBaselines([row, pair], [...records(), ...records()]);
  assert.deepEqual(rows, [row, pair, { ...row, variant: 'serial' }]);
});
