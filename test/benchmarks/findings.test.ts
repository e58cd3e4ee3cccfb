import assert from 'node:assert/strict';
import { test } from 'node:test';
import clients from '../../benchmarks/clients.ts';
import concurrency from '../../benchmarks/concurrency.ts';
import connections from '../../benchmarks/connections.ts';
import coroutines from '../../benchmarks/coroutines.ts';
import database from '../../benchmarks/database.ts';
import hashAndSave from '../../benchmarks/hash-and-save.ts';
import limiters from '../../benchmarks/limiters.ts';
import overload from '../../benchmarks/overload.ts';
import yielding from '../../benchmarks/yielding.ts';
import { variantsOf } from '../../harness/measure/plan/catalog.ts';
import type { Estimate, Row } from '../../harness/model/row.ts';
import { catalog } from '../fixtures/project.ts';
import { madeUpRow } from '../fixtures/record.ts';

const proven = (value: number): Estimate => ({ value, low: value * 0.99, high: value * 1.01 });
const unproven: Estimate = { value: 5, low: 0.5, high: 50 };
const few: Estimate = { value: 5, low: null, high: null };

for (const entry of catalog) {
  const { id, experiment } = entry;
  const rows = (speedup: Estimate): Row[] =>
    variantsOf(entry, 'smoke').map(({ id: variant, group, baseline, parameters }) =>
      madeUpRow({ variant, group, baseline, parameters, speedup }),
    );
  test(`${id}: its finding is a sentence whatever the numbers are, and none without rows`, () => {
    for (const speedup of [proven(1), proven(10), unproven, few]) {
      const finding = experiment.finding(rows(speedup));
      assert.match(finding, /^[A-Za-z0-9].*\.$/s);
      assert.doesNotMatch(finding, /NaN|undefined|null|Infinity/);
    }
    assert.doesNotThrow(() => experiment.finding([]));
  });

  test(`${id}: has a headline, and a profile of every size`, () => {
    for (const profile of ['smoke', 'quick', 'book'] as const)
      assert.ok(variantsOf(entry, profile).some(({ headline }) => headline));
  });
}

/** Rows of a sweep over limits, with their times. */
const sweep = (times: Readonly<Record<number, number>>) =>
  Object.entries(times).map(([limit, ms]) =>
    madeUpRow({
      variant: `semaphore@${limit}`,
      group: '50 ms',
      medianMs: ms,
      parameters: { limit: Number(limit) },
      speedup: proven((times[1] ?? ms) / ms),
    }),
  );

test('concurrency names the knee with its interval, and says where there is none', () => {
  assert.match(
    concurrency.finding(sweep({ 1: 1000, 10: 100, 50: 20, 100: 20 })),
    /still gain 5 %: 50 at 50 ms \(95 % interval 50 to 50; 50\.0 times as fast as 1 at a time, 90 % of the bound\)\./,
  );
  assert.match(concurrency.finding(sweep({ 1: 1000, 10: 100 })), /10 at 50 ms, the most that was tried/);
  assert.match(
    concurrency.finding(sweep({ 1: 100, 10: 100 })),
    /1 at 50 ms, so that concurrency did not help/,
  );
});

test('connections separates what keeping them is worth from what concurrency is', () => {
  const rows = (kept: Estimate, pool: Estimate) => [
    madeUpRow({ variant: 'new for each', group: 'HTTP', baseline: true }),
    madeUpRow({ variant: 'one kept', group: 'HTTP', speedup: kept }),
    madeUpRow({ variant: 'pool@10, cold', group: 'HTTP', speedup: proven(3) }),
    madeUpRow({ variant: 'pool@10', group: 'HTTP', speedup: pool }),
  ];
  assert.match(
    connections.finding(rows(proven(2), proven(20))),
    /worth 2\.00x by itself \(95 % interval 1\.98 to 2\.02\); 10 kept ones at once are worth 20\.0x, 10\.0x of it by concurrency/,
  );
  assert.match(
    connections.finding(rows(proven(1), proven(20))),
    /was not measurably faster than opening one/,
  );
  assert.match(
    connections.finding(rows(proven(1), proven(1))),
    /neither keeping connections nor using several/,
  );
});

const overloadRows = (given: { lost: number; retry: Estimate; emfile: number }) => [
  madeUpRow({ variant: 'semaphore@10', group: 'capacity', baseline: true, metrics: { failedJobs: 0 } }),
  madeUpRow({
    variant: 'promise-all',
    group: 'capacity',
    metrics: { failedJobs: given.lost },
    target: { requests: 100 - given.lost, peakInFlight: 20, connections: 20 },
  }),
  madeUpRow({
    variant: 'promise-all + retry',
    group: 'capacity',
    speedup: given.retry,
    metrics: { wastedShare: 0.4 },
  }),
  madeUpRow({ variant: 'semaphore@50', group: 'open files', baseline: true, parameters: { files: 256 } }),
  madeUpRow({
    variant: 'promise-all',
    group: 'open files',
    parameters: { files: 256 },
    metrics: { EMFILEAttempts: given.emfile },
  }),
];

test('overload says what is lost and what trying again costs', () => {
  const finding = overload.finding(overloadRows({ lost: 60, retry: proven(0.1), emfile: 70 }));
  assert.match(finding, /60 of 100 jobs are turned away, and 0 behind a semaphore/);
  assert.match(finding, /takes 10\.0 times as long .* wastes 40 % of the requests\./);
  assert.match(
    finding,
    /With 256 open files, 70 unbounded requests fail with EMFILE, and 0 behind a semaphore\./,
  );
});

test('overload says so where nothing is lost', () => {
  const finding = overload.finding(overloadRows({ lost: 0, retry: proven(1), emfile: 0 }));
  assert.match(finding, /took everything at once: nothing here speaks for a semaphore/);
  assert.match(finding, /With 256 open files nothing failed/);
  const slow = overload.finding(overloadRows({ lost: 5, retry: unproven, emfile: 0 }));
  assert.match(slow, /is not measurably slower/);
});

test('hash-and-save compares interleaving with batches', () => {
  const rows = (speedup: Estimate) => [
    madeUpRow({ variant: 'interleaved', group: 'cost 8', speedup, efficiency: 0.97 }),
    madeUpRow({ variant: 'batches@100', group: 'cost 8', speedup: proven(6.9), efficiency: 0.92 }),
  ];
  assert.match(
    hashAndSave.finding(rows(proven(7.2))),
    /7\.20 times as fast .* 97\.0 % of what .* 6\.90 times, 92\.0 %/,
  );
  assert.match(hashAndSave.finding(rows(unproven)), /was not measurably faster than taking turns/);
});

const yieldRow = (variant: string, group: string, sliceMs: number, metrics: Row['metrics']) =>
  madeUpRow({ variant, group, baseline: variant === 'never', parameters: { sliceMs }, metrics });

test('yielding says which ways let I/O run, and how often is enough', () => {
  const finding = yielding.finding([
    yieldRow('never', 'how', 1, { requestsDuringWork: 0 }),
    yieldRow('nextTick', 'how', 1, { requestsDuringWork: 0, yieldCostMs: 0.0001 }),
    yieldRow('setImmediate', 'how', 1, { requestsDuringWork: 9, yieldCostMs: 0.002 }),
    yieldRow('never', 'how often', 500, { workMs: 500 }),
    yieldRow('every 5 ms', 'how often', 5, { workMs: 530, latencyP50Ms: 25, latencyP99Ms: 35 }),
    yieldRow('every 50 ms', 'how often', 50, { workMs: 505, latencyP50Ms: 100, latencyP99Ms: 150 }),
  ]);
  assert.match(
    finding,
    /^With nextTick no I\/O runs; with setImmediate it does, and setImmediate is the cheapest of them \(2\.00 µs\)/,
  );
  assert.match(
    finding,
    /Yield every 5 ms: a median request takes 25\.0 ms and the CPU work 6 % longer; every 50 ms, .* 100 ms/,
  );
});

test('yielding says less where CPU work that yields took less time', () => {
  const finding = yielding.finding([
    yieldRow('never', 'how often', 500, { workMs: 500 }),
    yieldRow('every 5 ms', 'how often', 5, { workMs: 500.9, latencyP50Ms: 25, latencyP99Ms: 35 }),
    yieldRow('every 50 ms', 'how often', 50, { workMs: 440, latencyP50Ms: 100, latencyP99Ms: 150 }),
  ]);
  assert.match(
    finding,
    /Yield every 5 ms: .* the CPU work no longer; every 50 ms, .* the CPU work 12 % less\.$/,
  );
});

test('yielding says so where it makes no difference', () => {
  const finding = yielding.finding([
    yieldRow('never', 'how', 1, { requestsDuringWork: 5 }),
    yieldRow('nextTick', 'how', 1, { requestsDuringWork: 5, yieldCostMs: 0.0001 }),
    yieldRow('never', 'how often', 500, { workMs: 500 }),
    yieldRow('every 5 ms', 'how often', 5, { workMs: 500, latencyP50Ms: 20, latencyP99Ms: 21 }),
    yieldRow('every 50 ms', 'how often', 50, { workMs: 500, latencyP50Ms: 20, latencyP99Ms: 21 }),
  ]);
  assert.match(finding, /^I\/O runs with every way of yielding/);
  assert.match(finding, /yielding more often gains nothing here/);
});

test('coroutines says what one blocked task does to the others, and that it does nothing where it does', () => {
  const rows = (blocking: Estimate, yields: Estimate) => [
    madeUpRow({ variant: 'one by one', baseline: true }),
    madeUpRow({ variant: 'one blocks', speedup: blocking, metrics: { othersDoneMs: 300 } }),
    madeUpRow({ variant: 'one yields', speedup: yields, metrics: { othersDoneMs: 110 } }),
    madeUpRow({ variant: 'threads@11', metrics: { othersDoneMs: 105, memoryPerThreadBytes: 8 * 1024 ** 2 } }),
  ];
  assert.match(
    coroutines.finding(rows(proven(3), proven(6))),
    /after 300 ms instead of 110 ms, .* 3\.00 times .* 6\.00/,
  );
  assert.match(
    coroutines.finding(rows(proven(3), proven(6))),
    /8\.00 MiB for each task; nothing in Node turns/,
  );
  assert.match(coroutines.finding(rows(proven(6), proven(6))), /did not measurably hold up the others/);
});

test('clients names a winner only where its interval leaves the next one behind', () => {
  const rows = (...speedups: Estimate[]) => [
    madeUpRow({ variant: 'undici request', group: '0 ms', baseline: true }),
    ...speedups.map((speedup, index) => madeUpRow({ variant: `client ${index}`, group: '0 ms', speedup })),
  ];
  assert.equal(
    clients.finding(rows(proven(2), proven(0.5))),
    'At 0 ms client 0 is fastest, ahead of undici request; the slowest, client 1, takes 4.00 times as long as the fastest.',
  );
  assert.match(
    clients.finding(rows(proven(2), proven(1.99), proven(0.5))),
    /^At 0 ms these cannot be told apart as the fastest: client 0, client 1; the slowest, client 2,/,
  );
  assert.match(clients.finding(rows(proven(1), proven(1))), /no client can be told from another/);
  assert.match(clients.finding(rows(few)), /too few rounds/);
});

test('limiters says what chunks cost, and which limiter costs least only where it can be told', () => {
  const tasks = (variant: string, speedup: Estimate, metrics: Row['metrics']) =>
    madeUpRow({ variant, group: '100 tasks', parameters: { tasks: 100 }, speedup, metrics });
  const rows = (chunks: Estimate, first: Estimate, second: Estimate) => [
    madeUpRow({ variant: 'no limit', group: '100 tasks', parameters: { tasks: 100 }, baseline: true }),
    tasks('workers', first, { timePerJobMs: 0.001, startedAfterFailure: 90 }),
    tasks('p-map', second, { timePerJobMs: 0.002, startedAfterFailure: 0 }),
    madeUpRow({ variant: 'p-limit', group: 'uneven latency', baseline: true, efficiency: 0.95 }),
    madeUpRow({ variant: 'chunks', group: 'uneven latency', speedup: chunks, efficiency: 0.4 }),
  ];
  const finding = limiters.finding(rows(proven(0.4), proven(0.9), proven(0.5)));
  assert.match(finding, /chunks of Promise\.all take 2\.50 times as long as p-limit .* 40 % of .* 95 %\./);
  assert.match(finding, /workers costs least, 1\.00 µs a task; p-map costs most, 2\.00 µs\./);
  assert.match(finding, /start what is queued all the same: workers; after an abort: none\.$/);
  const tied = limiters.finding(rows(proven(1), proven(0.9), proven(0.9)));
  assert.match(tied, /was not measurably slower than a limit/);
  assert.match(tied, /workers, p-map cost least and cannot be told apart/);
});

test('database names each knee with its reason, and says that blocking calls gain nothing', () => {
  const pool = (group: string, connections: number, medianMs: number, metrics: Row['metrics'] = {}) =>
    madeUpRow({
      variant: `pg@${connections}`,
      group,
      medianMs,
      metrics,
      parameters: { connections, cores: 2 },
      speedup: proven(100 / medianMs),
    });
  const finding = database.finding([
    pool('waiting', 1, 100),
    pool('waiting', 10, 10),
    pool('CPU work', 1, 100),
    pool('CPU work', 2, 50),
    pool('CPU work', 10, 50),
    pool('one row', 1, 100),
    pool('one row', 10, 100),
    pool('indexed read', 1, 100),
    pool('indexed read', 5, 20, { cpuMs: 19 }),
    madeUpRow({
      variant: 'postgres@5',
      group: 'indexed read',
      parameters: { pipelined: 5 },
      speedup: proven(8),
    }),
    madeUpRow({ variant: 'promise-all', group: 'SQLite', speedup: proven(1) }),
  ]);
  assert.match(
    finding,
    /indexed read: postgres@5 8\.00 times \(7\.92 to 8\.08\), pg@5 5\.00 times \(4\.95 to 5\.05\)/,
  );
  assert.match(
    finding,
    /gain 5 %: 10 for waiting \(the most that was tried\), 5 for indexed read \(the most .*\), 2 for CPU work, 1 for one row\./,
  );
  assert.match(finding, /waiting: 10\.0 times .* with 10 \(.*10 to 10\), 90 % of what waiting alone allows;/);
  assert.match(finding, /CPU work: 2\.00 times as fast .*, since 2 cores are shared/);
  assert.match(finding, /one row: 1\.00 times .*, since one transaction holds the row 90 % of the time\./);
  assert.match(
    finding,
    /indexed read: 5\.00 times .* since the client's one thread is busy 95 % of the time/,
  );
  assert.match(finding, /SQLite, whose calls block, gains nothing by Promise\.all \(1\.00 times/);
});
