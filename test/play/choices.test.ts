import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DEFAULTS, inFlightLimit, PROPERTIES, readChoices, STRATEGIES } from '../../play/choices.ts';
import { serialEstimateMs, targetOptions } from '../../play/latencies.ts';
import { playPage } from '../../play/play-page.ts';
import { drawLatencyMs } from '../../server/latency/latency.ts';
import { DISTRIBUTIONS } from '../../server/latency/parameters.ts';
import { randomFor, STREAM } from '../../server/latency/random.ts';
import { scheduleOf } from '../../server/latency/settings.ts';
import { ParameterError } from '../../server/latency/validation.ts';

test('what is left out has its default', () => {
  assert.deepEqual(readChoices({}), DEFAULTS);
  assert.deepEqual(readChoices({ requests: 7 }), { ...DEFAULTS, requests: 7 });
});

for (const [name, { minimum, maximum, enum: values }] of Object.entries(PROPERTIES))
  test(`${name} is taken at its limits and refused beyond them, in one sentence that names it`, () => {
    const taken = values ?? [minimum!, maximum!];
    for (const value of taken)
      assert.equal((readChoices({ [name]: value }) as Record<string, unknown>)[name], value);
    const refused =
      values === undefined ? [minimum! - 1, maximum! + 1, 1.5, '', 'x', null, [], {}] : ['x', '', 1, null];
    for (const value of refused)
      assert.throws(
        () => readChoices({ [name]: value }),
        (error: Error) => error instanceof ParameterError && error.message.startsWith(name),
        JSON.stringify(value),
      );
  });

test('anything else than choices is refused in one sentence', () => {
  for (const given of [null, 1, 'x', [], { nosuch: 1 }, { __proto__: null, constructor: 1 }])
    assert.throws(() => readChoices(given), ParameterError);
});

test('whatever is sent is refused, or within the limits', () => {
  fc.assert(
    fc.property(
      fc.anything(),
      fc.dictionary(fc.constantFrom(...Object.keys(PROPERTIES)), fc.anything()),
      (any, some) => {
        for (const given of [any, some]) {
          try {
            const { requests, latencyMs, limit, sliceMs } = readChoices(given);
            assert.ok(requests <= 500 && latencyMs <= 2000 && limit <= 500 && sliceMs <= 100);
          } catch (error) {
            assert.ok(error instanceof ParameterError, String(error));
          }
        }
      },
    ),
  );
});

test('at first, latencies differ enough for a batch to take visibly longer than a semaphore', () => {
  const { requests, latencyMs, distribution, limit, strategy } = DEFAULTS;
  assert.equal(strategy, 'semaphore');
  assert.equal(distribution, 'lognormal');
  const options = targetOptions(DEFAULTS);
  const latencies = Array.from({ length: requests }, (_, job) =>
    drawLatencyMs(latencyMs, options, randomFor(options.seed, job, STREAM.latency)),
  );
  const batchesMs = Array.from({ length: requests / limit }, (_, batch) =>
    Math.max(...latencies.slice(batch * limit, (batch + 1) * limit)),
  ).reduce((sum, ms) => sum + ms, 0);
  const places = Array.from({ length: limit }, () => 0);
  for (const ms of latencies) places[places.indexOf(Math.min(...places))]! += ms;
  assert.ok(batchesMs > 1.3 * Math.max(...places), `${batchesMs} ms beside ${Math.max(...places)} ms`);
});

test('a target that changes serves 20 at once, then 5, by a schedule that its server takes', () => {
  assert.equal(targetOptions(DEFAULTS).schedule, undefined);
  const options = targetOptions(readChoices({ change: 'capacity', latencyMs: 30 }));
  const schedule = scheduleOf(options);
  assert.deepEqual(
    [0, 299, 300, 599, 600].map((ms) => schedule?.at(ms).capacity),
    [20, 20, 5, 5, 20],
  );
  assert.doesNotThrow(() => targetOptions(readChoices({ change: 'capacity', latencyMs: 0 })));
});

test('a limit counts where the strategy has one', () => {
  const choices = readChoices({ requests: 50, limit: 10 });
  assert.equal(inFlightLimit({ ...choices, strategy: 'serial' }), 1);
  assert.equal(inFlightLimit({ ...choices, strategy: 'promise-all' }), 50);
  assert.equal(inFlightLimit({ ...choices, strategy: 'semaphore' }), 10);
  assert.equal(inFlightLimit({ ...choices, strategy: 'batches', limit: 500 }), 50);
});

test('one after the other takes the CPU work and the latencies of all', () => {
  const choices = readChoices({ requests: 40, latencyMs: 100, sliceMs: 5, distribution: 'fixed' });
  assert.equal(serialEstimateMs(choices), 40 * 105);
  for (const distribution of DISTRIBUTIONS) {
    const estimateMs = serialEstimateMs({ ...choices, requests: 500, distribution });
    assert.ok(estimateMs > 500 * 80 && estimateMs < 500 * 170, `${distribution}: ${estimateMs}`);
  }
});

test('the page has a field for each choice, with its limits, and says of each strategy what to look for', () => {
  const page = playPage();
  for (const [name, { minimum, maximum }] of Object.entries(PROPERTIES)) {
    assert.ok(page.includes(` id="${name}"`), name);
    if (minimum !== undefined) assert.ok(page.includes(`min="${minimum}" max="${maximum}"`), name);
  }
  for (const { hint } of Object.values(STRATEGIES)) {
    assert.match(hint, /^Look for .*\.$/);
    for (const sentence of hint.split(/(?<=\.) /)) assert.ok(sentence.split(' ').length <= 25, sentence);
  }
});
