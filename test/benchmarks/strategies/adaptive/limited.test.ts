import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { fixed } from '../../../../benchmarks/strategies/adaptive/fixed.ts';
import { createLimited, type LimitedOptions } from '../../../../benchmarks/strategies/adaptive/limited.ts';
import type { LimitRule, LimitSample } from '../../../../benchmarks/strategies/adaptive/rule.ts';
import { untilServed } from '../../../../benchmarks/strategies/adaptive/until-served.ts';
import { runBatch } from '../../../../harness/measure/conduct/batch.ts';

function limitedTo(limit: number, options: Partial<LimitedOptions> = {}) {
  return createLimited(fixed(limit), { nowMs: () => 0, dropped: (_, threw) => threw, ...options });
}

/** Tasks that end when they are told to. */
function heldTasks(count: number) {
  const started: number[] = [];
  const ends = Array.from({ length: count }, () => Promise.withResolvers<string>());
  const task = (index: number) => () => {
    started.push(index);
    return ends[index]!.promise;
  };
  return { started, ends, task };
}

test('tasks start in the order of the calls, as many as the limit, and results reach their callers', async () => {
  const { started, ends, task } = heldTasks(4);
  const limited = limitedTo(2);
  const results = [0, 1, 2, 3].map((index) => limited(task(index)));
  assert.deepEqual([started, limited.activeCount, limited.pendingCount, limited.limit], [[0, 1], 2, 2, 2]);
  ends[1]!.resolve('one');
  assert.equal(await results[1], 'one');
  await turn();
  assert.deepEqual(started, [0, 1, 2]);
  for (const [index, { resolve }] of ends.entries()) resolve(`task ${index}`);
  assert.deepEqual(await Promise.all(results), ['task 0', 'one', 'task 2', 'task 3']);
  assert.deepEqual([limited.activeCount, limited.pendingCount], [0, 0]);
});

test('a task that throws, at once or later, rejects its own promise and frees its place', async () => {
  const limited = limitedTo(1);
  const failing = [
    limited(() => {
      throw new Error('at once');
    }),
    limited(() => Promise.reject(new Error('later'))),
  ];
  const last = limited(() => 'a plain value');
  await assert.rejects(failing[0]!, /at once/);
  await assert.rejects(failing[1]!, /later/);
  assert.equal(await last, 'a plain value');
});

test('the rule gets latency, tasks in flight at the start, drops and the time', async () => {
  const seen: LimitSample[] = [];
  const rule: LimitRule<number> = {
    start: { limit: 2, state: 0 },
    heedsDrops: true,
    next(state, sample) {
      seen.push(sample);
      return { limit: 1, state: state + 1 };
    },
  };
  let nowMs = 100;
  const limited = createLimited(rule, { nowMs: () => nowMs, dropped: (outcome) => outcome === 'refused' });
  const { started, ends, task } = heldTasks(3);
  const results = [0, 1, 2].map((index) => limited(task(index)));
  nowMs = 130;
  ends[0]!.resolve('refused');
  await results[0];
  await turn();
  // The limit is 1 now, and one runs.
  assert.deepEqual([started, limited.limit], [[0, 1], 1]);
  nowMs = 150;
  ends[1]!.resolve('fine');
  await results[1];
  await turn();
  assert.deepEqual(started, [0, 1, 2]);
  assert.deepEqual(seen, [
    { latencyMs: 30, inFlight: 1, dropped: true, nowMs: 130 },
    { latencyMs: 50, inFlight: 2, dropped: false, nowMs: 150 },
  ]);
  ends[2]!.resolve('fine');
  await results[2];
});

test('the place of a refused task rests as long as it is told to', async () => {
  const limited = limitedTo(1, { dropped: (outcome) => outcome === 'refused', restMs: () => 30 });
  const startMs = performance.now();
  const ends = await Promise.all(
    ['refused', 'fine', 'fine'].map((outcome) =>
      limited(() => outcome).then(() => performance.now() - startMs),
    ),
  );
  // Timers of Node may come up to 1 ms early.
  assert.ok(ends[1]! >= 29, String(ends[1]));
  assert.ok(ends[2]! - ends[1]! < ends[1]!);
});

test('clearing the queue rejects what waits, and what runs goes on', async () => {
  const limited = limitedTo(1);
  const { ends, task } = heldTasks(1);
  const running = limited(task(0));
  const waiting = limited(() => 'never');
  limited.clearQueue();
  await assert.rejects(waiting, { name: 'AbortError' });
  const again = limited(() => 'never');
  limited.clearQueue(new Error('stopped'));
  await assert.rejects(again, /stopped/);
  ends[0]!.resolve('done');
  assert.equal(await running, 'done');
});

test('a long queue keeps its order', async () => {
  const limited = limitedTo(3);
  const order: number[] = [];
  await Promise.all(Array.from({ length: 5000 }, (_, index) => limited(() => order.push(index))));
  assert.deepEqual(
    order,
    Array.from({ length: 5000 }, (_, index) => index),
  );
});

test('a refused job runs again until it is served, and results are in the order of the jobs', async () => {
  const asked = new Map<number, number>();
  const jobs = Array.from({ length: 6 }, (_, id) => ({
    id,
    async send() {
      const times = (asked.get(id) ?? 0) + 1;
      asked.set(id, times);
      return times <= id % 3 ? 'refused' : `job ${id}`;
    },
  }));
  const strategy = untilServed(
    () => limitedTo(2),
    (result) => result === 'refused',
  );
  const { results } = await runBatch(strategy, { jobs, cancel() {} });
  assert.deepEqual(
    results,
    jobs.map(({ id }) => `job ${id}`),
  );
  assert.deepEqual([...asked.values()].toSorted(), [1, 1, 2, 2, 3, 3]);
});
