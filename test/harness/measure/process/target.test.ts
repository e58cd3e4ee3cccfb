import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sightOf } from '../../../../harness/measure/process/target.ts';

const job = (id: number, arrivedMs: number, startedMs: number, releasedMs: number) => ({
  job: id,
  arrivedMs,
  startedMs,
  releasedMs,
});

test('what a target said in its answers is counted as one that is asked counts it', () => {
  const jobs = [job(0, 100, 100, 110), job(1, 105, 110, 120), job(2, 110, 120, 130), job(3, 140, 140, 150)];
  const { stats, trace } = sightOf({ jobs, connections: { used: 2, opened: 0 } }, 'database/pg@2/1');
  // Job 2 came as job 0 left.
  assert.deepEqual(stats, {
    requests: 4,
    inFlight: 0,
    peakInFlight: 2,
    connections: { used: 2, opened: 0 },
  });
  assert.deepEqual(trace.requests[1], {
    job: 1,
    run: 'database/pg@2/1',
    arrivedMs: 105,
    startedMs: 110,
    releasedMs: 120,
  });
});
