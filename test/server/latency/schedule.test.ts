import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { main as serve } from '../../../scripts/serve.ts';
import kind from '../../../server/latency/kind.ts';
import type { Stats } from '../../../server/latency/observations.ts';
import { readSchedule } from '../../../server/latency/schedule.ts';
import type { ScheduleNow, ScheduleTrace } from '../../../server/latency/scheduler.ts';
import { type RunningServer, startServer } from '../../../server/latency/server.ts';
import { callHere } from '../../fixtures/command.ts';

const NO_LIMITS = { capacity: Number.POSITIVE_INFINITY, rate: Number.POSITIVE_INFINITY, fault: undefined };
const read = (schedule: unknown) => readSchedule(JSON.stringify(schedule), NO_LIMITS);

test('values hold until the next step that sets them', () => {
  const { at } = read({
    steps: [
      { atMs: 0, capacity: 50 },
      { atMs: 100, capacity: 15, fault: 'error:0.5' },
      { atMs: 100, latencyFactor: 2 },
      { atMs: 300, fault: '' },
    ],
  });
  assert.deepEqual(at(99.9), { ...NO_LIMITS, capacity: 50, latencyFactor: 1 });
  assert.deepEqual(at(100), { ...NO_LIMITS, capacity: 15, latencyFactor: 2, fault: 'error:0.5' });
  assert.deepEqual(at(1e9), { ...NO_LIMITS, capacity: 15, latencyFactor: 2 });
});

test('a ramp goes straight from the value before, and another step interrupts it', () => {
  const { at, nextChangeMs } = read({
    steps: [
      { atMs: 0, capacity: 10, rate: 100 },
      { atMs: 100, rampMs: 100, capacity: 20, rate: 200 },
      { atMs: 150, capacity: 5 },
    ],
  });
  assert.deepEqual(
    [100, 125, 149, 150, 200].map((ms) => at(ms).capacity),
    [10, 13, 15, 5, 5],
  );
  assert.deepEqual(
    [100, 125, 200, 300].map((ms) => at(ms).rate),
    [100, 125, 200, 200],
  );
  assert.deepEqual([0, 100, 105, 150, 199, 200].map(nextChangeMs), [100, 110, 110, 160, 200, Infinity]);
});

test('a schedule that repeats begins anew with the values before its first step', () => {
  const { at, nextChangeMs } = read({ steps: [{ atMs: 70, capacity: 25 }], repeatMs: 100 });
  assert.deepEqual(
    [69, 70, 99, 100, 170].map((ms) => at(ms).capacity),
    [Infinity, 25, 25, Infinity, 25],
  );
  assert.deepEqual([0, 70, 100, 171].map(nextChangeMs), [70, 100, 170, 200]);
});

const FAULTY: readonly [unknown, RegExp][] = [
  [{}, /^schedule must have steps, a list with at least one step\.$/],
  [{ steps: [], repeat: 1 }, /^schedule has repeat; it can have steps and repeatMs\.$/],
  [{ steps: [{ atMs: 0 }], repeatMs: 0 }, /^schedule: repeatMs must be a number above 0/],
  [{ steps: [{ atMs: 0 }, 5] }, /^schedule: step 2 must be an object with atMs\.$/],
  [{ steps: [{ atMs: 0, capacity: 0 }] }, /^schedule: step 1: capacity must be >= 1\.$/],
  [{ steps: [{ atMs: 0, places: 5 }] }, /^schedule: step 1: places is not a parameter here; there is atMs/],
  [{ steps: [{ atMs: 0, fault: 'explode' }] }, /^schedule: step 1: fault must be like reset:0\.1/],
  [{ steps: [{ atMs: 5 }, { atMs: 4 }] }, /^schedule: step 2 comes before the step above it/],
  [{ steps: [{ atMs: 5 }, { atMs: 9 }], repeatMs: 9 }, /^schedule: step 2 comes after repeatMs/],
  [{ steps: [{ atMs: 5, rampMs: 5, fault: '' }] }, /^schedule: step 1 has a rampMs, and no number/],
  [{ steps: [{ atMs: 5, rampMs: 5, rate: 5 }] }, /^schedule: step 1 ramps rate, which has no limit before/],
];

for (const [schedule, message] of FAULTY)
  test(`refused in one sentence: ${JSON.stringify(schedule)}`, () => {
    assert.throws(() => read(schedule), { name: 'Error', message });
  });

test('what is not JSON is refused in one sentence', () => {
  assert.throws(() => readSchedule('{', NO_LIMITS), /^Error: schedule is not JSON: [^.]+\.$/);
});

test('a target with a schedule serves as many at once as its widest step', () => {
  const schedule = JSON.stringify({
    steps: [
      { atMs: 10, capacity: 50 },
      { atMs: 20, capacity: 5 },
    ],
  });
  assert.equal(kind.capacity({ capacity: 10, schedule }), 50);
  assert.equal(kind.capacity({ schedule }), undefined);
  assert.equal(kind.capacity({ capacity: 10 }), 10);
});

interface Seen extends Stats {
  readonly schedule: ScheduleNow | null;
}

const statsOf = async ({ origin }: RunningServer) => (await (await fetch(`${origin}/stats`)).json()) as Seen;

async function withServer(
  options: Record<string, unknown>,
  use: (server: RunningServer) => Promise<void>,
): Promise<void> {
  const server = await startServer(options as never);
  try {
    await use(server);
  } finally {
    await server.close(0);
  }
}

test('time starts with the first request, and again with the first after DELETE /stats', async () => {
  const schedule = JSON.stringify({
    steps: [
      { atMs: 0, capacity: 7 },
      { atMs: 20, capacity: 3 },
    ],
  });
  await withServer({ schedule }, async (server) => {
    const before = { elapsedMs: null, capacity: 7, latencyFactor: 1, rate: null, fault: null };
    await wait(30);
    assert.deepEqual((await statsOf(server)).schedule, before);
    await fetch(`${server.origin}/delay/25`);
    const after = (await statsOf(server)).schedule;
    assert.equal(after?.capacity, 3);
    assert.ok(Number(after?.elapsedMs) >= 25);
    const trace = (await (await fetch(`${server.origin}/trace`)).json()) as {
      schedule: ScheduleTrace;
      requests: { arrivedMs: number }[];
    };
    assert.deepEqual(trace.schedule.steps, JSON.parse(schedule).steps);
    assert.ok(trace.schedule.startedMs! <= trace.requests[0]!.arrivedMs);
    await fetch(`${server.origin}/stats`, { method: 'DELETE' });
    assert.deepEqual((await statsOf(server)).schedule, before);
  });
});

test('more places take queued requests at their time, without a request', async () => {
  const schedule = JSON.stringify({
    steps: [
      { atMs: 0, capacity: 1 },
      { atMs: 50, capacity: 3 },
    ],
  });
  await withServer({ schedule }, async (server) => {
    await Promise.all([1, 2, 3].map(() => fetch(`${server.origin}/delay/200`)));
    const trace = (await (await fetch(`${server.origin}/trace`)).json()) as {
      requests: { startedMs: number; arrivedMs: number }[];
    };
    const firstMs = Math.min(...trace.requests.map(({ arrivedMs }) => arrivedMs));
    const starts = trace.requests
      .map(({ startedMs }) => startedMs - firstMs)
      .sort((one, other) => one - other);
    // The first place is free again after 200 ms.
    assert.ok(starts[1]! >= 49 && starts[2]! >= 49, starts.join(' '));
    assert.ok(starts[2]! < 200, starts.join(' '));
  });
});

test('latency, rate and faults change for requests that come from then on', async () => {
  const steps = [
    { atMs: 0, latencyFactor: 3, rate: 1000 },
    { atMs: 60, rate: 0.001, fault: 'error' },
  ];
  await withServer({ schedule: JSON.stringify({ steps }), burst: 2 }, async (server) => {
    const ask = (path: string) => fetch(`${server.origin}${path}`);
    assert.deepEqual(await (await ask('/delay/20?job=1')).json(), { job: 1, delayMs: 60 });
    assert.deepEqual([(await ask('/delay/1')).status, (await ask('/delay/1')).status], [500, 500]);
    const refused = await ask('/delay/1');
    assert.equal(refused.status, 429);
    assert.match(await refused.text(), /The rate limit is 0\.001 requests a second/);
  });
});

test('a request may ask for no fault while the schedule has one', async () => {
  const schedule = JSON.stringify({ steps: [{ atMs: 0, fault: 'error' }] });
  await withServer({ schedule }, async ({ origin }) => {
    const statuses = await Promise.all(
      ['/delay/1', '/delay/1?size=10', '/delay/1?fault='].map(
        async (path) => (await fetch(origin + path)).status,
      ),
    );
    assert.deepEqual(statuses, [500, 500, 200]);
  });
});

test('serve refuses a schedule that is wrong or missing, in one sentence', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'overlap-schedule-'));
  try {
    const file = join(folder, 'schedule.json');
    writeFileSync(file, '{"steps":[{"atMs":0},{"capacity":5}]}');
    const wrong = await callHere(serve, '--port', '0', '--schedule', file);
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /schedule: step 2: /);
    const missing = await callHere(serve, '--port', '0', '--schedule', `${file}.txt`);
    assert.match(missing.err, /cannot be read: ENOENT\./);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
