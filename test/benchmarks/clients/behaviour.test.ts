import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openTasks } from '../../../benchmarks/clients/idle-tasks.ts';
import limiters from '../../../benchmarks/limiters.ts';
import { behaviourOf } from '../../../benchmarks/probes/limiter-behaviour.ts';
import byPLimit from '../../../benchmarks/strategies/limiters/p-limit.ts';
import byPMap from '../../../benchmarks/strategies/limiters/p-map.ts';
import workers from '../../../benchmarks/strategies/limiters/workers.ts';
import { promiseAll } from '../../../benchmarks/strategies/promise-all.ts';
import { runBatch } from '../../../harness/measure/conduct/batch.ts';
import type { Job, Limiter } from '../../../harness/model/job.ts';

test('p-map starts nothing after a failure or an abort, and keeps nothing for what waits', async () => {
  const { heapPerTaskBytes, ...others } = await behaviourOf(byPMap);
  assert.deepEqual(others, { startedAfterFailure: 0, startedAfterAbort: 0, hangsAfterAbort: 0 });
  assert.ok(heapPerTaskBytes! < 50, `${heapPerTaskBytes} B`);
});

test('p-limit starts all that waits after a failure, none after an abort, and keeps promises for them', async () => {
  const { heapPerTaskBytes, ...others } = await behaviourOf(byPLimit);
  assert.deepEqual(others, { startedAfterFailure: 90, startedAfterAbort: 0, hangsAfterAbort: 0 });
  assert.ok(heapPerTaskBytes! > 100, `${heapPerTaskBytes} B`);
});

test('a limiter that forgets what waits is found to hang', async () => {
  const forgetting: Limiter = (limit, signal) => (jobs, run) => {
    const forget = <Result>(job: Job<Result>): Promise<Result> =>
      signal?.aborted ? new Promise(() => {}) : run(job);
    return workers(limit)(jobs, Object.assign(forget, run));
  };
  const { startedAfterAbort, hangsAfterAbort } = await behaviourOf(forgetting);
  assert.deepEqual([startedAfterAbort, hangsAfterAbort], [0, 1]);
});

test('tasks detect a limiter that runs too many of them', async () => {
  assert.equal((await runBatch(workers(3), openTasks(20, 3))).results.length, 20);
  await assert.rejects(runBatch(promiseAll, openTasks(20, 3)), /4 tasks run at once, and the limit is 3/);
});

test('the rows of limiters stay in their order', () => {
  const waiting = limiters
    .variants(limiters.profiles.smoke!)
    .filter(({ group }) => group === 'uneven latency');
  const known = [
    ...['p-limit', 'p-map', 'p-queue', 'async-sema', 'fastq', 'promise-pool', 'bottleneck'],
    ...['workers', 'chunks'],
    'undici connections',
  ];
  assert.deepEqual(
    waiting.map(({ id }) => id).filter((id) => known.includes(id)),
    known,
  );
});
