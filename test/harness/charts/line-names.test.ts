import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { spread } from '../../../harness/charts/line-names.ts';

const HEIGHT = 15;

test('names that do not touch stay where their lines end', () => {
  assert.deepEqual(spread([20, 60, 200], 0, 300), [20, 60, 200]);
});

test('names that touch are moved apart around their wanted places', () => {
  assert.deepEqual(spread([100, 100], 0, 300), [92.5, 107.5]);
  assert.deepEqual(spread([0, 0], 0, 300), [0, 15]);
  assert.deepEqual(spread([300, 300], 0, 300), [285, 300]);
});

test('no name covers another, whatever the lines, and all keep their order within the picture', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 400, noNaN: true }), { maxLength: 20 }), (ends) => {
      const places = spread(
        ends.sort((one, other) => one - other),
        0,
        400,
      );
      assert.equal(places.length, ends.length);
      for (const [index, place] of places.entries()) {
        assert.ok(place > -1e-9 && place < 400 + 1e-9);
        if (index > 0) assert.ok(place - places[index - 1]! > HEIGHT - 1e-9);
      }
    }),
  );
});
