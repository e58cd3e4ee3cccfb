import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adaptiveLimit } from '../../../../benchmarks/strategies/adaptive/adaptive-limit.ts';

test('it runs tasks from its initial limit on, within its bounds', async () => {
  let running = 0;
  let peak = 0;
  const limited = adaptiveLimit({ min: 2, max: 4 });
  assert.equal(limited.limit, 4);
  const results = await Promise.all(
    Array.from({ length: 50 }, (_, index) =>
      limited(async () => {
        running += 1;
        peak = Math.max(peak, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return index;
      }),
    ),
  );
  assert.deepEqual(
    results,
    Array.from({ length: 50 }, (_, index) => index),
  );
  assert.equal(peak, 4);
  assert.ok(limited.limit >= 2 && limited.limit <= 4);
});

test('thrown errors are drops, unless it is said what is one', async () => {
  const limitAfter = async (limited: ReturnType<typeof adaptiveLimit>, task: () => unknown) => {
    await limited(task as () => string).catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    return limited.limit;
  };
  const fail = () => {
    throw new Error('404');
  };
  assert.ok((await limitAfter(adaptiveLimit(), fail)) < 10);
  assert.equal(await limitAfter(adaptiveLimit(), () => 'busy'), 10);
  const busy = { dropped: (outcome: unknown) => outcome === 'busy' };
  assert.equal(await limitAfter(adaptiveLimit(busy), fail), 10);
  assert.ok((await limitAfter(adaptiveLimit(busy), () => 'busy')) < 10);
});

for (const options of [{ min: 0 }, { max: 1.5 }, { min: 5, max: 4 }, { min: Number.NaN }])
  test(`refused: ${JSON.stringify(options)}`, () => {
    assert.throws(() => adaptiveLimit(options), /^TypeError: min and max are whole numbers from 1/);
  });
