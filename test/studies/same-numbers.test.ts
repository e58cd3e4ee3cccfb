import assert from 'node:assert/strict';
import { test } from 'node:test';
import { main } from '../../studies/numbers/compare-numbers.ts';
import { differences } from '../../studies/numbers/same-numbers.ts';
import { callHere } from '../fixtures/command.ts';

test('the records of results/reference still give every number of its summary', async () => {
  const { code, out } = await callHere(main);
  assert.deepEqual([code, out], [0, 'Every number is the same.\n']);
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

test('an experiment may declare more columns and say more, and must not gain or lose rows, peers or figures', () => {
  const column = (metric: string) => ({ metric, heading: metric });
  const row = { group: 'g', variant: 'a' };
  const before = { columns: [column('b'), column('c')], metrics: [], warnings: ['One.'], rows: [row] };
  const differencesTo = (given: object) => differences(before, { ...before, ...given });
  assert.deepEqual(differencesTo({ columns: [column('a'), column('c'), column('b')] }), []);
  assert.deepEqual(differencesTo({ metrics: [{ name: 'b', unit: 'ms', better: 'lower' }] }), []);
  assert.deepEqual(differencesTo({ warnings: ['Another.', 'One.'] }), []);
  assert.deepEqual(differencesTo({ warnings: [] }), []);
  assert.deepEqual(differencesTo({ columns: [column('a'), column('b')] }), [
    '.columns[c]: it became nothing',
  ]);
  assert.deepEqual(differencesTo({ rows: [row, { ...row, variant: 'b' }] }), ['.rows: 1 became 2']);
  assert.deepEqual(differencesTo({ rows: [] }), ['.rows[g a]: it became nothing']);
  assert.deepEqual(differences({ skippedPeers: [] }, { skippedPeers: [{ id: 'a', reason: 'Gone.' }] }), [
    '.skippedPeers: 0 became 1',
  ]);
});
