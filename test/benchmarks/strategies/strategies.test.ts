import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { batches } from '../../../benchmarks/strategies/batches.ts';
import { callbacks } from '../../../benchmarks/strategies/callbacks.ts';
import { interleaved } from '../../../benchmarks/strategies/interleaved.ts';
import { promiseAll } from '../../../benchmarks/strategies/promise-all.ts';
import { semaphore } from '../../../benchmarks/strategies/semaphore.ts';
import { serial } from '../../../benchmarks/strategies/serial.ts';
import { modulesIn } from '../../../harness/folder-modules.ts';
import { runBatch } from '../../../harness/measure/conduct/batch.ts';
import {
  type Callback,
  type LazyStrategy,
  type Limiter,
  loadStrategy,
  type Strategy,
} from '../../../harness/model/job.ts';

interface Tried {
  readonly name: string;
  readonly strategy: Strategy;
  /** How many jobs it lets wait at once; undefined if unknown. */
  readonly limit: number | undefined;
  readonly turns: number;
}

const STRATEGIES = join(import.meta.dirname, '../../../benchmarks/strategies');
const LIMITS = [1, 2, 3, 10];
/** The limits of strategies without a parameter. */
const OWN_LIMITS: ReadonlyMap<unknown, number> = new Map<unknown, number>([
  [serial, 1],
  [promiseAll, Number.POSITIVE_INFINITY],
]);
const TURNS = 12;
/** Its timers take over 2 ms a job, so that short ones are over before it has started as many as it may. */
const SLOW: Readonly<Record<string, { readonly limits: readonly number[]; readonly turns: number }>> = {
  bottleneck: { limits: [3], turns: 3000 },
};

/** What each file of `strategies/` exports: a strategy `(jobs, run)`, or a function `(limit)` that makes one. */
async function findStrategies(): Promise<Tried[]> {
  const found = modulesIn(STRATEGIES).map(async ({ name, file }): Promise<Tried[]> => {
    const exported: Record<string, unknown> = await import(pathToFileURL(file).href);
    const functions = Object.values(exported).filter((value) => typeof value === 'function');
    const tried = functions.map(async (made): Promise<Tried[]> => {
      assert.ok([1, 2].includes(made.length), `${file} exports what is neither a strategy nor makes one.`);
      if (made.length === 1) return limitedBy(name, made as (limit: number) => Strategy | LazyStrategy);
      return [{ name, strategy: made as Strategy, limit: OWN_LIMITS.get(made), turns: TURNS }];
    });
    assert.ok(tried.length > 0, `${file} exports no strategy.`);
    return (await Promise.all(tried)).flat();
  });
  return (await Promise.all(found)).flat();
}

/** The default export of each file of `strategies/limiters/`. */
async function findLimiters(): Promise<Tried[]> {
  const limiters = modulesIn(join(STRATEGIES, 'limiters'));
  const tried = limiters.map(async ({ name, load }) => limitedBy(name, (await load()) as Limiter));
  return (await Promise.all(tried)).flat();
}

function limitedBy(name: string, make: (limit: number) => Strategy | LazyStrategy): Promise<Tried[]> {
  const { limits, turns } = SLOW[name] ?? { limits: LIMITS, turns: TURNS };
  return Promise.all(
    limits.map(async (limit) => ({
      name: `${name}@${limit}`,
      strategy: await loadStrategy(make(limit)),
      limit,
      turns,
    })),
  );
}

const strategies = [...(await findStrategies()), ...(await findLimiters())];

test('strategies are found at all, with and without a limit', () => {
  const names = strategies.map(({ name }) => name);
  for (const name of ['serial', 'promise-all', 'semaphore@3', 'p-map@10', 'bottleneck@3'])
    assert.ok(names.includes(name), name);
});

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

for (const { name, strategy, limit, turns: long } of strategies) {
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
        assert.ok(seen.peak <= (limit ?? list.length), `${seen.peak} ran at once`);
      }),
      { numRuns: 30 },
    ));

  if (limit !== undefined)
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
    await assert.rejects(
      runBatch(await loadStrategy(semaphore(limit)), { jobs: [], cancel() {} }),
      TypeError,
    );
});
