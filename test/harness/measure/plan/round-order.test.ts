import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { roundOrder } from '../../../../harness/measure/plan/round-order.ts';

const seed = fc.integer({ min: 0, max: 0xffff_ffff });
const count = fc.integer({ min: 1, max: 12 });

test('every round runs every entry once', () => {
  fc.assert(
    fc.property(count, fc.integer({ min: 1, max: 100 }), seed, (entries, round, from) => {
      const order = roundOrder(entries, round, from);
      assert.deepEqual(
        order.toSorted((one, other) => one - other),
        Array.from({ length: entries }, (_, index) => index),
      );
    }),
  );
});

test('in a block each entry stands once at each position', () => {
  fc.assert(
    fc.property(count, seed, (entries, from) => {
      const block = Array.from({ length: entries }, (_, index) => roundOrder(entries, index + 1, from));
      for (let position = 0; position < entries; position++)
        assert.equal(new Set(block.map((order) => order[position])).size, entries);
    }),
  );
});

test('in a block of an even count each entry follows each other once', () => {
  fc.assert(
    fc.property(fc.constantFrom(2, 4, 6, 10), seed, (entries, from) => {
      const followers = new Set<string>();
      for (let round = 1; round <= entries; round++) {
        const order = roundOrder(entries, round, from);
        for (let position = 1; position < entries; position++)
          followers.add(`${order[position - 1]} ${order[position]}`);
      }
      assert.equal(followers.size, entries * (entries - 1));
    }),
  );
});

test('the seed fixes the order, and another seed gives another', () => {
  const orders = (from: number) => Array.from({ length: 8 }, (_, index) => roundOrder(5, index + 1, from));
  assert.deepEqual(orders(1), orders(1));
  assert.notDeepEqual(orders(1), orders(2));
});
