import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { promiseAll } from '../../../benchmarks/strategies/promise-all.ts';
import { semaphore } from '../../../benchmarks/strategies/semaphore.ts';
import { serial } from '../../../benchmarks/strategies/serial.ts';
import { runBatch } from '../../../harness/measure/batch.ts';
import type { Strategy } from '../../../harness/model.ts';

const strategies: { name: string; strategy: Strategy; limit: number }[] = [
  { name: 'serial', strategy: serial, limit: 1 },
  { name: 'promise-all', strategy: promiseAll, limit: Number.POSITIVE_INFINITY },
  ...[1, 2, 3, 10].map((limit) => ({ name: `semaphore@${limit}`, strategy: semaphore(limit), limit })),
];

/** Jobs that end after as many turns of the loop as `turns` says, and count how many run at once. */
function observedJobs(turns: readonly number[], failing?: number) {
  const seen = { running: 0, peak: 0, started: [] as number[], cancelled: false };
  const jobs = turns.map((count, id) => ({
    id,
    async send() {
      seen.started.push(id);
      seen.running += 1;
      seen.peak = Math.max(seen.peak, seen.running);
      try {
        for (let turn = 0; turn < count && !seen.cancelled; turn++) await setImmediate();
        if (id === failing) throw new Error(`job ${id} failed`);
        if (seen.cancelled) throw new Error('cancelled');
        return `result ${id}`;
      } finally {
        seen.running -= 1;
      }
    },
  }));
  const cancel = () => {
    seen.cancelled = true;
  };
  return { seen, batch: { jobs, cancel } };
}

const turns = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 40 });

for (const { name, strategy, limit } of strategies) {
  test(`${name}: results come in the order of jobs, each job runs once, never more than the limit at once`, () =>
    fc.assert(
      fc.asyncProperty(turns, async (list) => {
        const { seen, batch } = observedJobs(list);
        const results = await runBatch(strategy, batch);
        assert.deepEqual(
          results,
          list.map((_, id) => `result ${id}`),
        );
        assert.equal(new Set(seen.started).size, list.length);
        assert.equal(seen.started.length, list.length);
        assert.ok(seen.peak <= limit, `${seen.peak} ran at once`);
      }),
      { numRuns: 30 },
    ));

  test(`${name}: uses the whole limit`, async () => {
    const { seen, batch } = observedJobs(new Array(20).fill(3));
    await runBatch(strategy, batch);
    assert.equal(seen.peak, Math.min(limit, 20));
  });

  test(`${name}: the first error comes out, and nothing runs after it`, () =>
    fc.assert(
      fc.asyncProperty(turns, fc.nat(), async (list, draw) => {
        const failing = draw % list.length;
        const { seen, batch } = observedJobs(list, failing);
        await assert.rejects(runBatch(strategy, batch), { message: `job ${failing} failed` });
        assert.equal(seen.running, 0);
        const started = seen.started.length;
        await wait(2);
        assert.equal(seen.started.length, started);
        assert.ok(seen.cancelled);
      }),
      { numRuns: 30 },
    ));
}

test('a strategy that swallows an error, or leaves before its jobs do, is found out', async () => {
  const { batch } = observedJobs([1, 1], 0);
  const swallowing: Strategy = async (jobs, run) =>
    Promise.all(jobs.map((job) => run(job).catch(() => 'nothing' as never)));
  await assert.rejects(runBatch(swallowing, batch), { message: 'job 0 failed' });
  const leaving: Strategy = async (jobs, run) => {
    for (const job of jobs) run(job).catch(() => {});
    return [];
  };
  await assert.rejects(
    runBatch(leaving, observedJobs([1, 1]).batch),
    /ended with 2 jobs running and 0 results/,
  );
});

test('a job that throws before it waits fails the batch, too', async () => {
  const jobs = [{ id: 0, compute: () => assert.fail('no result'), send: async () => 'never' }];
  await assert.rejects(runBatch(serial, { jobs, cancel() {} }), { message: 'no result' });
});

test('a semaphore needs a limit from 1', async () => {
  for (const limit of [0, -1, 1.5, Number.NaN])
    await assert.rejects(async () => semaphore(limit)([], async (job) => job.send()), TypeError);
});
