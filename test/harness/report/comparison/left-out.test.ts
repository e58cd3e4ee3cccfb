import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRecord } from '../../../../harness/record/schema.ts';
import { Incomparable } from '../../../../harness/report/comparison/comparability.ts';
import { compareRuns } from '../../../../harness/report/comparison/comparison.ts';
import { comparisonText } from '../../../../harness/report/comparison/comparison-table.ts';
import { lackingIn, unfinishedLines } from '../../../../harness/report/comparison/left-out.ts';
import { hasErrored } from '../../../../harness/report/comparison/verdicts.ts';
import { madeUpRecord, TENFOLD } from '../../../fixtures/record.ts';

const record = (id: string, given: Partial<RunRecord> = {}): RunRecord => ({
  ...madeUpRecord(TENFOLD, { id }),
  ...given,
});
const compared = (before: RunRecord[], after: RunRecord[]) => compareRuns(before, after, { margin: 0.05 });

test('experiments that were not run are counted, and their rows are in the JSON alone', () => {
  const before = [record('crawl'), record('clients'), record('yielding')];
  const comparison = compared(before, [record('crawl')]);
  assert.match(comparisonText(comparison), /^2 experiments were not run now: clients, yielding\.$/m);
  assert.doesNotMatch(comparisonText(comparison), /Only before/);
  assert.deepEqual(comparison.onlyBefore, ['clients, promise-all', 'yielding, promise-all']);
  assert.match(
    comparisonText(compared([record('crawl')], before.slice(0, 2))),
    /^1 experiment was not run before: clients\.$/m,
  );
  assert.equal(hasErrored(comparison), false);
});

test('errored, killed and skipped experiments are named with their reasons, on both sides', () => {
  const whole = [record('crawl'), record('clients')];
  const errored = record('clients', { status: 'errored', reason: 'A sample hung.', samples: [] });
  const now = compared(whole, [record('crawl'), errored]);
  assert.match(comparisonText(now), /^clients errored now: A sample hung\.$/m);
  assert.doesNotMatch(comparisonText(now), /not run|Only before/);
  assert.equal(hasErrored(now), true);
  const earlier = compared([record('crawl'), errored], whole);
  assert.match(comparisonText(earlier), /^clients errored before: A sample hung\.$/m);
  assert.equal(hasErrored(earlier), true);

  const killed = compared(whole, [record('crawl', { status: 'running', rounds: 7 }), record('clients')]);
  assert.match(comparisonText(killed), /^crawl errored now: The run ended after 6 of 7 rounds\.$/m);
  assert.equal(killed.rows.length, 2);
  assert.equal(hasErrored(killed), true);

  const skipped = record('clients', { status: 'skipped', reason: 'It needs PostgreSQL.', samples: [] });
  const without = compared(whole, [record('crawl'), skipped]);
  assert.match(comparisonText(without), /^clients was skipped now: It needs PostgreSQL\.$/m);
  assert.equal(hasErrored(without), false);
});

test('if nothing is left to compare, the errored experiments are named', () => {
  const errored = record('crawl', { status: 'errored', reason: 'A sample hung.', samples: [] });
  assert.throws(
    () => compared([record('crawl')], [errored]),
    (error) =>
      error instanceof Incomparable &&
      error.message === 'The two runs share no row that could be compared: crawl errored now: A sample hung.',
  );
});

test('each row that went wrong is named with a reason of its own', () => {
  const { variants, ...rest } = madeUpRecord(TENFOLD);
  const peers = ['gevent', 'aiohttp'].map((id) => ({
    ...variants[1]!,
    id,
    peer: id,
    error: `${id} died.`,
  }));
  const after: RunRecord = {
    ...rest,
    variants: [...variants, ...peers],
    status: 'errored',
    reason: 'crawl, gevent: gevent died.',
  };
  const lacking = {
    before: lackingIn([record('crawl')], [after]),
    after: lackingIn([after], [record('crawl')]),
  };
  assert.deepEqual(unfinishedLines(lacking), [
    'crawl errored now: gevent: gevent died.',
    'crawl errored now: aiohttp: aiohttp died.',
  ]);
});
