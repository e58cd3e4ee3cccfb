import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Answer, bisect } from '../../../harness/history/bisection.ts';

/** Measures made-up commits, of which those from `first` on have the change; `broken` cannot be measured. */
function madeUp(first: number, broken: ReadonlySet<number>) {
  const asked: number[] = [];
  const measure = async (commit: string): Promise<Answer> => {
    const number = Number(commit);
    asked.push(number);
    if (broken.has(number)) return { unknown: `${commit} does not build` };
    return number >= first ? 'after' : 'before';
  };
  return { asked, measure };
}
const line = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

test('the commit is found in as few measurements as halving takes', async () => {
  const { asked, measure } = madeUp(6, new Set());
  const found = await bisect('0', line(12), measure);
  assert.deepEqual(found, { between: ['5', '6'], skipped: [] });
  assert.ok(asked.length <= 4, asked.join(' '));
});

test('two neighbours need no measurement', async () => {
  const { asked, measure } = madeUp(1, new Set());
  assert.deepEqual(await bisect('0', ['1'], measure), { between: ['0', '1'], skipped: [] });
  assert.deepEqual(asked, []);
});

test('the change lies between the two commits, next to each other but for those that are skipped by name', async () => {
  const cases = fc
    .tuple(fc.integer({ min: 1, max: 30 }), fc.array(fc.boolean(), { minLength: 30, maxLength: 30 }))
    .chain(([count, flags]) =>
      fc.tuple(fc.constant(count), fc.constant(flags), fc.integer({ min: 1, max: count })),
    );
  await fc.assert(
    fc.asyncProperty(cases, async ([count, flags, first]) => {
      // The two ends are known.
      const broken = new Set(
        line(count - 1)
          .map(Number)
          .filter((number) => flags[number]),
      );
      const { asked, measure } = madeUp(first, broken);
      const { between, skipped } = await bisect('0', line(count), measure);
      const [before, after] = between.map(Number) as [number, number];
      assert.ok(before < first && first <= after);
      assert.deepEqual(
        skipped,
        line(count)
          .filter((commit) => Number(commit) > before && Number(commit) < after)
          .map((commit) => ({ commit, reason: `${commit} does not build` })),
      );
      assert.equal(new Set(asked).size, asked.length, 'no commit is measured twice');
    }),
  );
});
