import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mean, median, standardDeviation } from 'simple-statistics';
import { checkDistribution, drawLatencyMs } from '../../../server/latency/latency.ts';
import type { AnswerOptions } from '../../../server/latency/parameters.ts';
import { randomFor, STREAM } from '../../../server/latency/random.ts';

const COUNT = 20_000;
const draw = (options: AnswerOptions, seed = 1) =>
  Array.from({ length: COUNT }, (_, job) =>
    drawLatencyMs(100, options, randomFor(seed, job, STREAM.latency)),
  );
/** Four standard errors of 20,000 draws are below this share of what is estimated here. */
const near = (figure: number, expected: number, share = 0.04) =>
  assert.ok(Math.abs(figure / expected - 1) < share, `${figure} instead of ${expected}`);

test('fixed is what was asked for', () => {
  assert.deepEqual(new Set(draw({})), new Set([100]));
});

test('uniform lies evenly within its jitter', () => {
  const drawn = draw({ distribution: 'uniform', jitter: 30 });
  assert.ok(Math.min(...drawn) >= 70 && Math.max(...drawn) <= 130);
  near(mean(drawn), 100);
  near(standardDeviation(drawn), 60 / Math.sqrt(12));
});

test('normal has its mean and deviation', () => {
  const drawn = draw({ distribution: 'normal', deviation: 10 });
  near(mean(drawn), 100);
  near(standardDeviation(drawn), 10);
});

test('lognormal has its median and sigma', () => {
  const drawn = draw({ distribution: 'lognormal', sigma: 0.5 });
  near(median(drawn), 100);
  near(standardDeviation(drawn.map(Math.log)), 0.5);
});

test('exponential has its mean, and a deviation as large', () => {
  const drawn = draw({ distribution: 'exponential' });
  near(mean(drawn), 100);
  near(standardDeviation(drawn), 100);
});

test('pareto has its least and its mean', () => {
  const drawn = draw({ distribution: 'pareto', shape: 5 });
  assert.ok(Math.min(...drawn) >= 100);
  near(mean(drawn), (100 * 5) / 4);
});

test('nothing is drawn below zero or beyond ten minutes', () => {
  assert.ok(Math.min(...draw({ distribution: 'normal', deviation: 500 })) === 0);
  assert.ok(Math.max(...draw({ distribution: 'pareto', shape: 0.1 })) === 600_000);
});

test('the same seed draws the same in any order, another seed and another stream something else', () => {
  const options = { distribution: 'lognormal', sigma: 1 } as const;
  const forth = draw(options);
  const back = Array.from({ length: COUNT }, (_, index) => COUNT - 1 - index).map((job) =>
    drawLatencyMs(100, options, randomFor(1, job, STREAM.latency)),
  );
  assert.deepEqual(back.toReversed(), forth);
  const equal = draw(options, 2).filter((ms, job) => ms === forth[job]);
  assert.equal(equal.length, 0);
  assert.notEqual(randomFor(1, 0, STREAM.fault)(), randomFor(1, 0, STREAM.latency)());
});

test('a parameter without its distribution is refused, and the other way round', () => {
  assert.throws(
    () => checkDistribution({ distribution: 'lognormal' }),
    /^ParameterError|sigma must be given/,
  );
  assert.throws(
    () => checkDistribution({ sigma: 1 }),
    /sigma goes with distribution=lognormal, not with fixed\./,
  );
  assert.throws(() => checkDistribution({ distribution: 'pareto', shape: 1, jitter: 1 }), /jitter goes with/);
});
