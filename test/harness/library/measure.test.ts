import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { measure } from '../../../harness/library/measure.ts';
import { roundOrder } from '../../../harness/measure/plan/round-order.ts';

const ROOT = join(import.meta.dirname, '../../..');
const nothing = () => {};

test('a function that waits longer is slower, one that waits less is faster', async () => {
  const { rows, control, aborted } = await measure(
    { middle: () => wait(15), slow: () => wait(60), fast: () => wait(1) },
    { rounds: 6, warmupRounds: 0 },
  );
  assert.deepEqual(
    rows.map(({ name, baseline, rounds }) => [name, baseline, rounds]),
    [
      ['middle', true, 6],
      ['slow', false, 6],
      ['fast', false, 6],
    ],
  );
  const [middle, slow, fast] = rows;
  assert.deepEqual(middle!.speedup, { value: 1, low: 1, high: 1 });
  assert.equal(slow!.verdict, 'slower');
  assert.equal(fast!.verdict, 'faster');
  assert.ok(slow!.medianMs >= 59);
  assert.notEqual(control, null);
  assert.equal(aborted, false);
});

test('each round is a balanced random order of all functions, and of the baseline twice', async () => {
  const { samples } = await measure(
    { a: nothing, b: nothing, c: nothing },
    { rounds: 4, warmupRounds: 2, seed: 7, baseline: 'b' },
  );
  const entries = ['a', 'b', 'b again', 'c'];
  const nameOf = ({ name, twin }: (typeof samples)[number]) => (twin ? `${name} again` : name);
  const rounds = Map.groupBy(samples, ({ round, warmUp }) => `${warmUp ? 'warm-up ' : ''}${round}`);
  assert.deepEqual([...rounds.keys()], ['warm-up 1', 'warm-up 2', '1', '2', '3', '4']);
  assert.deepEqual(rounds.get('warm-up 2')!.map(nameOf), entries);
  for (const round of [1, 2, 3, 4]) {
    const calls = rounds.get(String(round))!;
    assert.deepEqual(
      calls.map(nameOf),
      roundOrder(4, round, 7).map((position) => entries[position]),
    );
    assert.deepEqual(
      calls.map(({ position }) => position),
      [0, 1, 2, 3],
    );
  }
});

test('functions are called in the order of their samples, between hooks that are outside of the clock', async () => {
  const calls: string[] = [];
  const { samples, rows } = await measure(
    [
      { name: 'one', run: () => calls.push('one') },
      { name: '2', run: async () => calls.push('2') },
    ],
    {
      rounds: 3,
      control: false,
      beforeEach: async (name) => {
        calls.push(`before ${name}`);
        await wait(30);
      },
      afterEach: (name) => calls.push(`after ${name}`),
    },
  );
  assert.deepEqual(
    calls,
    samples.flatMap(({ name }) => [`before ${name}`, name, `after ${name}`]),
  );
  assert.equal(samples.length, 2 * 4);
  for (const { name, medianMs, verdict } of rows) {
    assert.ok(medianMs < 30, name);
    assert.equal(verdict, 'unproven', 'three rounds have no interval');
  }
});

test('a result with the property that tinybench takes for a time is ignored', async () => {
  const { rows } = await measure({ a: () => ({ overriddenDuration: 1e6 }) }, { rounds: 1 });
  assert.ok(rows[0]!.medianMs < 1e6);
});

test('a control whose interval excludes 1 is not to be trusted', async () => {
  const rounds = [1, 2, 3, 4, 5, 6];
  // Entry 0 is the first call of the baseline, and entry 1 its twin.
  const waitsMs = rounds.flatMap((round) => roundOrder(2, round, 7).map((entry) => (entry === 0 ? 40 : 1)));
  const options = { rounds: rounds.length, warmupRounds: 0, seed: 7 };
  const uneven = await measure({ a: () => wait(waitsMs.shift()) }, options);
  assert.ok(uneven.control!.low! > 1);
  assert.equal(uneven.trusted, false);
  const once = await measure({ a: nothing }, { rounds: 1, control: false });
  assert.deepEqual([once.control, once.trusted], [null, true]);
});

test('a function that fails ends the measurement with its name, its round and its error', async () => {
  const cause = new Error('no answer');
  let calls = 0;
  const failing = async () => {
    calls += 1;
    if (calls === 3) throw cause;
  };
  const measured = measure({ fine: nothing, failing }, { rounds: 5 });
  await assert.rejects(measured, { message: '"failing" failed in round 2: no answer', cause });
  const warming = measure({ failing: () => Promise.reject('told no') }, { rounds: 5 });
  await assert.rejects(warming, { message: '"failing" failed in warm-up round 1: told no' });
});

test('an abort keeps what was measured, and does not wait for the call in progress', {
  timeout: 20_000,
}, async () => {
  const abort = new AbortController();
  let calls = 0;
  const hanging = () => {
    calls += 1;
    if (calls < 4) return Promise.resolve();
    setImmediate(() => abort.abort());
    return new Promise(() => {});
  };
  const { rows, samples, aborted } = await measure(
    { quick: nothing, hanging },
    { rounds: 9, warmupRounds: 1, control: false, seed: 1, signal: abort.signal },
  );
  assert.equal(aborted, true);
  assert.deepEqual(
    rows.map(({ name, rounds }) => [name, rounds]),
    [
      ['quick', 2],
      ['hanging', 2],
    ],
  );
  assert.equal(samples.filter(({ name, warmUp }) => name === 'hanging' && !warmUp).length, 2);
});

test('a call that ends after the abort adds no sample', async () => {
  const abort = new AbortController();
  const late = Promise.withResolvers<void>();
  const ended: string[] = [];
  const { samples } = await measure(
    {
      late: () => {
        setImmediate(() => abort.abort());
        return late.promise;
      },
    },
    { signal: abort.signal, afterEach: (name) => ended.push(name) },
  );
  late.resolve();
  while (ended.length === 0) await wait(5);
  await wait(5);
  assert.deepEqual([samples, ended], [[], ['late']]);
});

test('a function that fails by the same signal is no failure, and a signal from before measures nothing', async () => {
  const abort = new AbortController();
  const obeying = async () => {
    setImmediate(() => abort.abort());
    await wait(10_000, undefined, { signal: abort.signal });
  };
  const first = await measure({ obeying }, { signal: abort.signal });
  assert.deepEqual([first.rows, first.samples, first.aborted], [[], [], true]);
  let calls = 0;
  const second = await measure({ counting: () => calls++ }, { signal: abort.signal });
  assert.deepEqual([second.rows, second.aborted, calls], [[], true, 0]);
});

test('wrong functions and settings are refused before the first call', async () => {
  let calls = 0;
  const a = () => calls++;
  const refused = async (functions: Parameters<typeof measure>[0], options: object, message: RegExp) =>
    assert.rejects(measure(functions, options), message);
  await refused({}, {}, /^TypeError: measure needs a function to call\.$/);
  await refused({ a: 3 as never }, {}, /"a" must be a function/);
  await refused(
    [
      { name: 'a', run: a },
      { name: 'a', run: a },
    ],
    {},
    /Two functions have the name "a"/,
  );
  await refused([{ name: '', run: a }], {}, /Each function needs a name/);
  await refused({ a }, { baseline: 'b' }, /There is no function "b" to be the baseline; there are a\./);
  await refused({ a }, { rounds: 0 }, /rounds must be a whole number from 1 to 1000, not 0/);
  await refused({ a }, { warmupRounds: -1 }, /warmupRounds must be a whole number from 0 to 1000/);
  await refused({ a }, { seed: 1.5 }, /seed must be a whole number from 0 to 4294967295, not 1\.5/);
  assert.equal(calls, 0);
});

test('the library loads no report, no canvas and no schemas, and prints nothing', () => {
  const library = pathToFileURL(join(ROOT, 'harness/library/measure.ts')).href;
  const compare = pathToFileURL(join(ROOT, 'harness/library/compare-samples.ts')).href;
  const program = `
    import { registerHooks } from 'node:module';
    const loaded = [];
    registerHooks({ load(url, context, next) { loaded.push(url); return next(url, context); } });
    const { measure } = await import('${library}');
    const { compareSamples } = await import('${compare}');
    await measure({ a() {}, b() {} }, { rounds: 6 });
    compareSamples([1, 2, 3, 4], [2, 3, 4, 5]);
    process.stdout.write(JSON.stringify(loaded));
  `;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    encoding: 'utf8',
  });
  assert.deepEqual([status, stderr], [0, '']);
  const loaded: string[] = JSON.parse(stdout);
  assert.ok(loaded.some((url) => url.includes('/node_modules/tinybench/')));
  assert.ok(loaded.some((url) => url.endsWith('/statistics/rank-sum.ts')));
  for (const url of loaded)
    assert.doesNotMatch(url, /typebox|canvas|chart|fastify|harness\/report|commander/);
});
