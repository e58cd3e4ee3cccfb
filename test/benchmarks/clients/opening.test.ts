import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openAtOnce } from '../../../benchmarks/clients/opening.ts';

test('requests of a client that sends slowly are held longer, until all are in flight at once', async () => {
  let burst: { arrivedMs: number; releasedMs: number }[] = [];
  const holds: number[] = [];
  const answers = await openAtOnce(5, async (holdMs) => {
    if (holds.at(-1) !== holdMs) {
      holds.push(holdMs);
      burst = [];
    }
    const request = { arrivedMs: 0, releasedMs: 0 };
    const place = burst.push(request);
    await wait(20 * place);
    request.arrivedMs = performance.now();
    await wait(holdMs);
    request.releasedMs = performance.now();
    return place;
  });
  assert.deepEqual(answers, [1, 2, 3, 4, 5]);
  assert.ok(
    holds.length > 1 && holds.every((holdMs, index) => index === 0 || holdMs === 2 * holds[index - 1]!),
  );
  const lastArrivalMs = Math.max(...burst.map(({ arrivedMs }) => arrivedMs));
  assert.ok(burst.every(({ releasedMs }) => releasedMs > lastArrivalMs));
});

test('a request that fails is the error, once all others of its burst have ended', async () => {
  let ended = 0;
  const request = async () => {
    const failing = ended === 0;
    ended += 1;
    if (failing) throw new Error('refused');
    await wait(10);
    ended += 1;
  };
  await assert.rejects(openAtOnce(3, request), { message: 'refused' });
  assert.equal(ended, 5);
});
