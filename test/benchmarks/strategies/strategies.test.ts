import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { byAsyncSema } from '../../../benchmarks/strategies/async-sema.ts';
import { batches } from '../../../benchmarks/strategies/batches.ts';
import { byBottleneck } from '../../../benchmarks/strategies/bottleneck.ts';
import { callbacks } from '../../../benchmarks/strategies/callbacks.ts';
import { byFastq } from '../../../benchmarks/strategies/fastq.ts';
import { interleaved } from '../../../benchmarks/strategies/interleaved.ts';
import { byPMap } from '../../../benchmarks/strategies/p-map.ts';
import { byPQueue } from '../../../benchmarks/strategies/p-queue.ts';
import { promiseAll } from '../../../benchmarks/strategies/promise-all.ts';
import { byPromisePool } from '../../../benchmarks/strategies/promise-pool.ts';
import { semaphore } from '../../../benchmarks/strategies/semaphore.ts';
import { serial } from '../../../benchmarks/strategies/serial.ts';
import { workers } from '../../../benchmarks/strategies/workers.ts';
import { runBatch } from '../../../harness/measure/conduct/batch.ts';
import type { Callback, Strategy } from '../../../harness/model/job.ts';

const strategies: { name: string; strategy: Strategy; limit: number; turns?: number }[] = [
  { name: 'serial', strategy: serial, limit: 1 },
  { name: 'promise-all', strategy: promiseAll, limit: Number.POSITIVE_INFINITY },
  ...[1, 2, 3, 10].flatMap((limit) => [
    { name: `semaphore@${limit}`, strategy: semaphore(limit), limit },
    { name: `batches@${limit}`, strategy: batches(limit), limit },
    { name: `interleaved@${limit}`, strategy: interleaved(limit), limit },
    { name: `callbacks@${limit}`, strategy: callbacks(limit), limit },
    { name: `async-sema@${limit}`, strategy: byAsyncSema(limit), limit },
    { name: `fastq@${limit}`, strategy: byFastq(limit), limit },
    { name: `p-map@${limit}`, strategy: byPMap(limit), limit },
    { name: `p-queue@${limit}`, strategy: byPQueue(limit), limit },
    { name: `promise-pool@${limit}`, strategy: byPromisePool(limit), limit },
    { name: `workers@${limit}`, strategy: workers(limit), limit },
  ]),
  // Its timers take over 2 ms a job, so that short ones are over before it has started as many as it may.
  { name: 'bottleneck@3', strategy: byBottleneck(3), limit: 3, turns: 3000 },
];

/** Jobs that end after as many turns of the loop as `turns` says, and count how many run at once. */
function observedJobs(turns: readonly number[], failing?: number) {
  const seen = { running: 0, peak: 0, started: [] as number[], cancelled: false };
  const jobs = turns.map((count, id) => ({
    id,
    call(done: Callback<string>) {
      this.send().then(
        (result) => done(null, result),
        (error) => done(error),
      );
    },
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

for (const { name, strategy, limit, turns: long = 12 } of strategies) {
  test(`${name}: results come in the order of jobs, each job runs once, never more than the limit at once`, () =>
    fc.assert(
      fc.asyncProperty(turns, async (list) => {
        const { seen, batch } = observedJobs(list);
        const { results } = await runBatch(strategy, batch);
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
    const { seen, batch } = observedJobs(new Array(20).fill(long));
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

for (const [name, strategy, order] of [
  ['serial', serial, 'c0 s0 c1 s1 c2 s2 c3 s3'],
  ['batches@2', batches(2), 'c0 c1 s0 s1 c2 c3 s2 s3'],
  ['promise-all', promiseAll, 'c0 s0 c1 s1 c2 s2 c3 s3'],
] as const)
  test(`${name}: computes and sends in its own order, each once`, async () => {
    const log: string[] = [];
    const jobs = [0, 1, 2, 3].map((id) => ({
      id,
      compute: () => void log.push(`c${id}`),
      send: async () => String(log.push(`s${id}`)),
    }));
    const { computeSpans } = await runBatch(strategy, { jobs, cancel() {} });
    assert.equal(log.join(' '), order);
    assert.deepEqual(computeSpans.map(({ job }) => job).sort(), [0, 1, 2, 3]);
  });

test('interleaved gives way after each computation', async () => {
  let turns = 0;
  const turnsSeen: number[] = [];
  const count = () => {
    turns += 1;
    if (turnsSeen.length < 5) setTimeout(count, 0);
  };
  count();
  const busy = () => {
    for (const startMs = performance.now(); performance.now() - startMs < 3; );
    turnsSeen.push(turns);
  };
  const jobs = [0, 1, 2, 3, 4].map((id) => ({ id, compute: busy, send: async () => '' }));
  await runBatch(interleaved(5), { jobs, cancel() {} });
  assert.ok(new Set(turnsSeen).size >= 4, turnsSeen.join());
});

test('a strategy of callbacks needs a client that has them', async () => {
  const jobs = [{ id: 0, send: async () => '' }];
  await assert.rejects(runBatch(callbacks(1), { jobs, cancel() {} }), /has no callbacks/);
});

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

test('a limit is a whole number from 1', async () => {
  for (const make of [batches, interleaved, callbacks])
    for (const limit of [0, -1, 1.5, Number.NaN]) assert.throws(() => make(limit), TypeError);
  for (const limit of [0, -1, 1.5, Number.NaN])
    await assert.rejects(runBatch(semaphore(limit), { jobs: [], cancel() {} }), TypeError);
});
