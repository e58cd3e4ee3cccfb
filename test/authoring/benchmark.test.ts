import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { combinationsOf, hasValues, nameOfValues, sweptIn } from '../../authoring/parameters.ts';
import { profilesOf, sampleMs } from '../../authoring/sizes.ts';
import type { Variant } from '../../harness/model/experiment.ts';
import { type Benchmark, defineBenchmark } from '../../package/entries/authoring.ts';
import { serial } from '../../package/entries/strategies.ts';

const given = {
  question: 'How many requests at once should crawlAll send?',
  api: { latencyMs: 50, spread: 0.3, capacity: 16 },
  vary: { concurrency: [5, 10, 16, 20, 50] },
  run: async () => {},
};
const rowsOf = (benchmark: object, profile = 'quick'): Variant[] => {
  const experiment = defineBenchmark(benchmark as Benchmark);
  return experiment.variants(experiment.profiles[profile]!);
};

test('every combination of values is a row, in the order of the lists', () => {
  assert.deepEqual(combinationsOf({ a: [1, 2], b: ['x', 'y'] }), [
    { a: 1, b: 'x' },
    { a: 1, b: 'y' },
    { a: 2, b: 'x' },
    { a: 2, b: 'y' },
  ]);
  assert.deepEqual(combinationsOf({}), [{}]);
  assert.equal(nameOfValues({ concurrency: 5, keepAlive: true }), 'concurrency 5, keepAlive true');
});

test('a row is the current one if it has all current values', () => {
  assert.equal(hasValues({ a: 1, b: 2 }, { a: 1 }), true);
  assert.equal(hasValues({ a: 1, b: 2 }, { a: 1, b: 3 }), false);
});

test('one parameter of several numbers is swept, anything else is a choice', () => {
  assert.equal(sweptIn({ concurrency: [1, 2] }), 'concurrency');
  for (const vary of [{}, { a: [1] }, { a: [1, 'x'] }, { a: [1, 2], b: [1, 2] }])
    assert.equal(sweptIn(vary), null);
});

test('the reference is the baseline, and as many requests are in flight as the API works on', () => {
  const [reference, ...others] = rowsOf(given);
  assert.deepEqual([reference!.id, reference!.baseline, reference!.limit], ['reference@16', true, 16]);
  assert.deepEqual(
    others.map(({ id, limit }) => [id, limit]),
    [5, 10, 16, 20, 50].map((limit) => [`concurrency ${limit}`, limit]),
  );
  assert.ok(others.every(({ baseline }) => baseline !== true));
  assert.equal(rowsOf({ ...given, api: { latencyMs: 50 } })[0]!.id, 'reference@10');
});

test('the reference is the same whatever the rows are', () => {
  const other = { ...given, vary: { concurrency: [1] }, requests: 100 };
  const [{ open: _, strategy: __, ...reference }] = rowsOf(other) as [Variant];
  const [{ open: ___, strategy: ____, ...again }] = rowsOf({ ...given, requests: 100 }) as [Variant];
  assert.deepEqual(reference, again);
});

test('every request is expected once, connections are not limited, and results are the own business', () => {
  const [, row] = rowsOf({ ...given, requests: 30 });
  assert.deepEqual(row!.served?.([]), [...Array(30).keys()]);
  assert.ok('atMost' in row!.connections && row!.connections.atMost > 1e6);
  assert.equal(row!.sameResults, false);
});

test('limits and connections may be the same for all rows, or follow from their values', () => {
  const { vary, ...others } = given;
  const named = { ...others, vary: { workers: [2, 4] }, requests: 100 };
  const limits = (limit: unknown) =>
    rowsOf({ ...named, limit })
      .map((row) => row.limit)
      .slice(1);
  assert.deepEqual(limits(undefined), [100, 100]);
  assert.deepEqual(limits(7), [7, 7]);
  assert.deepEqual(
    limits(({ workers }: { workers: number }) => 10 * workers),
    [20, 40],
  );
  const connections = ({ workers }: { workers: number }) => ({ atMost: workers });
  assert.deepEqual(
    rowsOf({ ...named, connections })
      .map((row) => row.connections)
      .slice(1),
    [{ atMost: 2 }, { atMost: 4 }],
  );
});

test('the current row is the headline; without one all are', () => {
  const headlines = (current: object) =>
    rowsOf({ ...given, current }).flatMap(({ id, headline }) => (headline ? [id] : []));
  assert.deepEqual(headlines({ concurrency: 20 }), ['concurrency 20']);
  assert.equal(headlines({}).length, 5);
});

test('strategies are rows by their names, crossed with what varies', () => {
  const { run, vary, ...others } = given;
  const strategies = { serial, again: serial };
  const ids = (more: object) => rowsOf({ ...others, strategies, send: run, ...more }).map(({ id }) => id);
  assert.deepEqual(ids({}), ['reference@16', 'serial', 'again']);
  assert.deepEqual(ids({ vary: { size: [1, 2] } }).slice(1), [
    'serial, size 1',
    'serial, size 2',
    'again, size 1',
    'again, size 2',
  ]);
});

test('a function that nothing varies is one row', () => {
  const { vary, ...others } = given;
  assert.deepEqual(
    rowsOf(others).map(({ id }) => id),
    ['reference@16', 'run'],
  );
});

test('inputs are a request each, and a profile may take fewer of them', () => {
  const inputs = ['a', 'b', 'c'];
  const { profiles } = defineBenchmark({ ...given, inputs, profiles: { tiny: { requests: 2 } } });
  assert.equal(profiles.quick!.requests, 3);
  assert.equal(profiles.tiny!.requests, 2);
});

const timing = fc.record({
  latencyMs: fc.integer({ min: 1, max: 400 }),
  limits: fc.uniqueArray(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }),
});

test('quick takes about 20 s unless its limits need more, and never runs for nothing', () => {
  fc.assert(
    fc.property(timing, ({ latencyMs, limits }) => {
      const referenceAtOnce = 10;
      const { quick } = profilesOf(
        {
          latencyMs,
          meanLatencyMs: latencyMs,
          atOnce: limits,
          referenceAtOnce,
          largestLimit: Math.max(...limits),
        },
        undefined,
        {},
      );
      const { rounds, warmUpRounds, requests } = quick!;
      const all = [...limits, referenceAtOnce, referenceAtOnce];
      const timeMs =
        (rounds + warmUpRounds) * all.reduce((sum, limit) => sum + sampleMs(requests, latencyMs, limit), 0);
      const least = 2 * Math.max(...limits, referenceAtOnce);
      assert.ok(requests >= least);
      assert.ok(timeMs <= 20_000 || requests === least, `${timeMs} ms`);
      assert.ok(timeMs >= 10_000 || requests === 1000, `${timeMs} ms of ${requests} requests`);
    }),
  );
});

test("smoke reaches every limit, and the author's sizes win", () => {
  const { profiles } = defineBenchmark({ ...given, requests: 200 });
  assert.deepEqual(profiles.smoke, { rounds: 2, warmUpRounds: 0, requests: 50, latencyMs: 50 });
  assert.deepEqual(profiles.quick, { rounds: 6, warmUpRounds: 1, requests: 200, latencyMs: 50 });
  const own = { quick: { rounds: 9 }, nightly: { requests: 1000, rounds: 12 } };
  const { quick, nightly } = defineBenchmark({ ...given, requests: 200, profiles: own }).profiles;
  assert.deepEqual([quick!.rounds, quick!.requests], [9, 200]);
  assert.deepEqual([nightly!.rounds, nightly!.requests, nightly!.warmUpRounds], [12, 1000, 1]);
});

for (const [what, wrong, sentence] of [
  ['an unknown setting', { concurency: 5 }, /^There is no setting concurency; there are question, /],
  ['no question', { question: ' ' }, /^question must be/],
  ['no API', { api: undefined }, /^api must say how late it answers/],
  ['a latency of 0', { api: { latencyMs: 0 } }, /^api\.latencyMs must be above 0 .* is 0\.$/],
  ['an unknown part of the API', { api: { latencyMs: 5, delay: 3 } }, /^api has no delay; it has latencyMs/],
  ['half a place', { api: { latencyMs: 5, capacity: 0.5 } }, /^api\.capacity must be a whole number/],
  ['a spread below 0', { api: { latencyMs: 5, spread: -1 } }, /^api\.spread must be from 0 to 3/],
  [
    'half a URL',
    { api: { url: '127.0.0.1:8000' } },
    /^api\.url must be like http:\/\/127\.0\.0\.1:8000\/items, and is/,
  ],
  ['a URL with a password', { api: { url: 'http://a:b@127.0.0.1/' } }, /^api\.url must have no user/],
  [
    'a spread of a URL',
    { api: { url: 'http://127.0.0.1/', spread: 1 } },
    /^api with a url has no spread; it has/,
  ],
  [
    'no budget',
    { api: { url: 'http://127.0.0.1/', maxRequests: 0 } },
    /^api\.maxRequests must be a whole number/,
  ],
  ['nothing to run', { run: undefined }, /^Give run, which sends all requests, or strategies with send/],
  ['a run that is not a function', { run: 'crawlAll' }, /^run must be a function/],
  ['strategies without send', { run: undefined, strategies: { serial } }, /^strategies need send/],
  ['strategies besides run', { strategies: { serial } }, /^Give run, .* or strategies/],
  ['no strategies', { run: undefined, strategies: {}, send: () => {} }, /^strategies must have/],
  ['a value that is no list', { vary: { concurrency: 5 } }, /^vary\.concurrency must be a list of values/],
  ['an empty list', { vary: { concurrency: [] } }, /^vary\.concurrency must be a list of values/],
  ['a value twice', { vary: { concurrency: [5, 5] } }, /^vary\.concurrency has 5 twice/],
  ['a strange value', { vary: { concurrency: [{}] } }, /^vary\.concurrency must hold numbers/],
  ['an unknown current', { current: { size: 1 } }, /^current names size, which vary does not have\.$/],
  [
    'a current that is no row',
    { current: { concurrency: 7 } },
    /^current\.concurrency is 7, .*; add it to vary\.$/,
  ],
  ['no requests', { requests: 0 }, /^requests must be a whole number above 0/],
  ['requests besides inputs', { requests: 2, inputs: [1, 2] }, /^There is a request for each of the inputs/],
  ['no inputs', { inputs: [] }, /^inputs must be a list/],
  ['a limit of 0', { limit: 0 }, /^The limit of concurrency 5 must be a whole number above 0/],
  ['no time', { timeLimitMs: 0 }, /^timeLimitMs must be above 0/],
  ['an unknown size', { profiles: { quick: { delay: 5 } } }, /^profiles\.quick has no delay/],
  ['no rounds', { profiles: { quick: { rounds: 0 } } }, /^profiles\.quick\.rounds must be a whole number/],
  [
    'more requests than inputs',
    { inputs: [1], profiles: { quick: { requests: 2 } } },
    /^profiles\.quick\.requests is 2, and there are 1 inputs\.$/,
  ],
] as const)
  test(`${what} is refused in one sentence that names the setting`, () => {
    assert.throws(() => defineBenchmark({ ...given, ...wrong } as unknown as Benchmark), {
      message: sentence,
    });
  });
