import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { historyTable, type Tried } from '../../studies/history/history-table.ts';
import { countsOf, tryKind } from '../../studies/history/history-tries.ts';
import { COMMITS, madeUpHistory, noiseOf } from '../../studies/history/made-up-history.ts';

const STUDIES = join(import.meta.dirname, '../../results/studies');
const read = (name: string) => readFileSync(join(STUDIES, name), 'utf8');
const noise = noiseOf(JSON.parse(read('other-gates.json')));
const { results } = JSON.parse(read('history.json')) as { readonly results: readonly Tried[] };

const countsFor = (what: string) =>
  countsOf(results.find(({ kind }) => kind.what === what && kind.following === 'apart')!.tries);

test('the kept table is that of the kept tries', () => {
  assert.equal(read('history.md'), `${historyTable(results)}\n`);
});

test('kept tries are those that the rule makes now', () => {
  for (const { kind, tries } of results.filter(({ kind }) => !kind.twoMachines))
    assert.deepEqual(tryKind(noise, { ...kind, tries: 1 }), tries.slice(0, 1), kind.what);
});

test('of histories whose runs lie apart, few alarm where nothing changed, and most steps and drifts are found', () => {
  const flat = countsFor('nothing changed');
  assert.deepEqual([flat.tries, flat.falseAlarms <= 4], [200, true]);
  assert.ok(countsFor('a step of 5 %').found >= 90);
  assert.ok(countsFor('a step of 10 %').found >= 98);
  assert.ok(countsFor('a drift of 0.2 % a commit').found >= 90);
});

test('a history has its story in one row alone', () => {
  const drawn = { changed: 3, following: 'apart', seed: 1 } as const;
  const plain = madeUpHistory(noise, { effect: () => 0, twoMachines: false }, drawn);
  const told = madeUpHistory(
    noise,
    { effect: (commit) => (commit < 30 ? 0 : -0.1), twoMachines: false },
    drawn,
  );
  assert.equal(plain.length, COMMITS);
  for (const [commit, run] of told.entries())
    for (const [row, { speedup }] of run.rows.entries()) {
      const expected = row === 3 && commit >= 30 ? Math.exp(-0.1) : 1;
      assert.ok(Math.abs(speedup.value / plain[commit]!.rows[row]!.speedup.value - expected) < 1e-9);
    }
});
