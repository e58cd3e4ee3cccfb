import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createRequestTrace } from '../../../server/latency/trace.ts';

const arrive = (trace: ReturnType<typeof createRequestTrace>, job: number | null, run = 'a') =>
  trace.arrived({ job, run, connection: 1, arrivedMs: Number(job) + 0.5 });

test('requests come back as they were seen, in the order of arrival', () => {
  const trace = createRequestTrace(4);
  const first = arrive(trace, 7);
  const second = arrive(trace, null, '');
  trace.started(first, 8);
  trace.released(first, 9);
  trace.started(second, 10);
  assert.deepEqual(trace.read(), {
    forgotten: 0,
    requests: [
      { job: 7, run: 'a', connection: 1, arrivedMs: 7.5, startedMs: 8, releasedMs: 9 },
      { job: null, run: '', connection: 1, arrivedMs: 0.5, startedMs: 10, releasedMs: null },
    ],
  });
});

test('past its capacity the oldest is forgotten, and what becomes of that changes no other', () => {
  const trace = createRequestTrace(3);
  const numbers = [0, 1, 2, 3, 4].map((job) => arrive(trace, job));
  trace.released(numbers[0]!, 100);
  const { forgotten, requests } = trace.read();
  assert.equal(forgotten, 2);
  assert.deepEqual(
    requests.map(({ job, releasedMs }) => [job, releasedMs]),
    [
      [2, null],
      [3, null],
      [4, null],
    ],
  );
});

test('what was in flight when the trace was cleared leaves nothing in it', () => {
  const trace = createRequestTrace(3);
  const before = arrive(trace, 1);
  trace.clear();
  assert.deepEqual(trace.read(), { forgotten: 0, requests: [] });
  arrive(trace, 2, 'b');
  trace.released(before, 50);
  assert.deepEqual(
    trace.read().requests.map(({ job, run, releasedMs }) => [job, run, releasedMs]),
    [[2, 'b', null]],
  );
});
