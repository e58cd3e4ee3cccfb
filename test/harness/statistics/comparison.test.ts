import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { compare } from '../../../harness/statistics/comparison.ts';

const around = (centre: number, spread: number) =>
  [-3, -2, -1, 0, 1, 2, 3].map((step) => Math.log(centre) + step * spread);
const verdict = (before: readonly number[], after: readonly number[], paired = false) =>
  compare([{ before, after }], 0.05, paired)[0]!.verdict;

for (const paired of [false, true]) {
  const how = paired ? 'paired' : 'unpaired';
  test(`${how}: a change beyond the margin is found, within it is no change, across it is inconclusive`, () => {
    assert.equal(verdict(around(10, 0.002), around(8, 0.002), paired), 'regressed');
    assert.equal(verdict(around(8, 0.002), around(10, 0.002), paired), 'improved');
    assert.equal(verdict(around(10, 0.002), around(9.9, 0.002), paired), 'unchanged');
    assert.equal(verdict(around(10, 0.002), around(9.52, 0.002).reverse(), paired), 'inconclusive');
    assert.equal(verdict([1, 1, 1], [2, 2, 2], paired), 'inconclusive');
  });

  test(`${how}: swapping the sides inverts the ratio and turns the verdict`, () => {
    const logs = fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 7, maxLength: 7 });
    const turned = {
      regressed: 'improved',
      improved: 'regressed',
      unchanged: 'unchanged',
      inconclusive: 'inconclusive',
    };
    fc.assert(
      fc.property(logs, logs, (before, after) => {
        const [there] = compare([{ before, after }], 0.05, paired);
        const [back] = compare([{ before: after, after: before }], 0.05, paired);
        assert.ok(Math.abs(there!.ratio.value * back!.ratio.value - 1) < 1e-9);
        assert.equal(back!.p, there!.p);
        assert.equal(back!.verdict, turned[there!.verdict]);
      }),
    );
  });
}

test('the order of rows changes nothing, nor how many there are', () => {
  const rows = [8, 9, 10].map((centre) => ({ before: around(10, 0.01), after: around(centre, 0.01) }));
  const changes = compare(rows, 0.05);
  assert.deepEqual(compare(rows.toReversed(), 0.05).reverse(), changes);
  assert.deepEqual(
    rows.flatMap((row) => compare([row], 0.05)),
    changes,
  );
});

test('pairs must be as many on both sides', () => {
  assert.throws(() => compare([{ before: [1], after: [1, 2] }], 0.05, true), RangeError);
});
