import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRecord } from '../../../../harness/record/schema.ts';
import { compareRuns } from '../../../../harness/report/comparison/comparison.ts';
import {
  withBaselines,
  withControls,
  withRepeats,
} from '../../../../harness/report/comparison/further-rows.ts';
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

/** Rows of these times, in ms, each in a record of its own experiment. */
function rowsOf(...times: readonly number[]) {
  const sides = times.map((ms, index) =>
    madeUpRecord(
      TENFOLD.map(() => [1000, ms] as const),
      { id: `e${index}` },
    ),
  );
  const { rows } = compareRuns(sides, sides, { margin: 0.05, paired: true });
  return { sides, rows: rows.filter(({ baseline }) => !baseline) };
}

test('a short row repeats for about as long as its processes take to start, within limits', () => {
  const { sides, rows } = rowsOf(1, 60, 300, 5000);
  assert.deepEqual(
    withRepeats(rows, sides).map(({ repeats }) => repeats),
    [16, 11, 3, undefined],
  );
  // Rows of one experiment share its time.
  const [short] = rows.slice(1, 2);
  const shared = withRepeats([short!, { ...short!, variant: 'other' }], sides);
  assert.deepEqual(
    shared.map(({ variant, repeats }) => [variant, repeats]),
    [
      ['promise-all', 5],
      ['other', 5],
    ],
  );
});

test('a row never repeats less often than it declares', () => {
  const { sides, rows } = rowsOf(70);
  const declared = sides.map((side) => ({
    ...side,
    variants: side.variants.map((variant) => ({ ...variant, repeats: 12 })),
  }));
  assert.deepEqual(
    withRepeats(rows, declared).map(({ repeats }) => repeats),
    [undefined],
  );
});
