import assert from 'node:assert/strict';
import test from 'node:test';
import { allocate, type RowCost, varianceOf } from '../../studies/allocation/allocation.ts';
import { spreadFor } from '../../studies/allocation/spread-for.ts';

function row(name: string, figures: Partial<RowCost>): RowCost {
  return { name, costMs: 100, withinRound: 0.02, betweenRounds: 0, control: false, ...figures };
}

test('the row whose repeats are cheaper gets more of them, in proportion to spread and root of cost', () => {
  const cheap = row('cheap', { costMs: 10, withinRound: 0.04 });
  const dear = row('dear', { costMs: 160, withinRound: 0.04 });
  const repeats = allocate([{ row: cheap, baseline: dear }], 0.025);
  const [often, seldom] = [repeats.get('cheap')!, repeats.get('dear')!];
  assert.ok(Math.sqrt(varianceOf({ row: cheap, baseline: dear }, repeats)) <= 0.025);
  // Neyman: the root of 160 / 10 is 4 times as many; whole numbers come near it.
  assert.ok(often / seldom >= 2 && often / seldom <= 8, `${often} and ${seldom}`);
});

test('rows that are narrow enough run once', () => {
  const wanted = [{ row: row('one', {}), baseline: row('other', {}) }];
  assert.deepEqual([...allocate(wanted, 0.03).values()], [1, 1]);
});

test('a spread between rounds that no repeat takes away ends the search', () => {
  const wanted = [{ row: row('one', { betweenRounds: 0.2 }), baseline: row('other', {}) }];
  const repeats = allocate(wanted, 0.01);
  assert.ok([...repeats.values()].every((times) => times <= 16));
});

test('more rounds allow more spread for the same half-width', () => {
  assert.ok(spreadFor(10, 0.03) > 1.5 * spreadFor(6, 0.03));
  assert.throws(() => spreadFor(5, 0.03), { message: '5 rounds give no interval; plan for 6 or more.' });
});
