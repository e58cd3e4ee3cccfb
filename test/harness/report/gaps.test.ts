import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRecord } from '../../../harness/record/schema.ts';
import { gapsOf } from '../../../harness/report/gaps.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

test('rows that are left out, or have fewer rounds, are named with the reason', () => {
  const whole = madeUpRecord(TENFOLD);
  const short = {
    ...madeUpRecord(TENFOLD.slice(0, 2), { id: 'short' }),
    rounds: 6,
    status: 'errored',
    reason: 'It broke.',
  };
  const none = { ...madeUpRecord([], { id: 'none' }), status: 'errored', reason: 'It did not start.' };
  const skipped = { ...madeUpRecord([], { id: 'skipped' }), status: 'skipped', reason: 'It needs more.' };
  const lost = madeUpRecord(TENFOLD, { id: 'lost' });
  lost.variants[1]!.error = 'It died.';
  lost.samples = lost.samples.filter(({ variant, round }) => variant !== 1 || round === 1);
  const gone = madeUpRecord(TENFOLD, { id: 'gone' });
  gone.variants[1]!.error = 'It never came.';
  gone.samples = gone.samples.filter(({ variant }) => variant !== 1);
  const all = [whole, short, none, skipped, lost, gone] as RunRecord[];
  assert.deepEqual(
    gapsOf(
      summarise(all, () => undefined),
      all,
    ),
    [
      'short has 2 of 6 rounds, since it errored: It broke.',
      'none is left out, since it errored: It did not start.',
      'skipped is left out, since it was skipped: It needs more.',
      'lost/promise-all lacks rounds, since it errored: It died.',
      'gone/promise-all is left out, since it errored: It never came.',
    ],
  );
  assert.deepEqual(
    gapsOf(
      summarise([whole], () => undefined),
      [whole],
    ),
    [],
  );
});
