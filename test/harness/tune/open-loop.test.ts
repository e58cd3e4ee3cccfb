import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mean } from 'simple-statistics';
import { poissonStarts } from '../../../harness/tune/arrivals.ts';
import { arrivalSentences, percentilesOf } from '../../../harness/tune/open-loop-words.ts';

test('the stream follows from the seed, and has the rate that was asked for', () => {
  const starts = poissonStarts(20_000, 500, 3);
  assert.deepEqual(starts, poissonStarts(20_000, 500, 3));
  assert.notDeepEqual(starts, poissonStarts(20_000, 500, 4));
  const gaps = starts.map((atMs, index) => atMs - (starts[index - 1] ?? 0));
  const meanMs = mean(gaps);
  assert.ok(Math.abs(meanMs - 2) < 0.1, String(meanMs));
  // The gaps of a Poisson stream are exponential: their deviation is their mean.
  const deviation = Math.sqrt(mean(gaps.map((gap) => (gap - meanMs) ** 2)));
  assert.ok(Math.abs(deviation / meanMs - 1) < 0.05, String(deviation));
});

test('percentiles are exact, and only those that the count carries are told', () => {
  const values = Array.from({ length: 1000 }, (_, index) => 1000 - index);
  assert.deepEqual(percentilesOf(values), [
    { share: 0.5, ms: 500 },
    { share: 0.9, ms: 900 },
    { share: 0.99, ms: 990 },
  ]);
  assert.deepEqual(
    percentilesOf(values.slice(0, 999)).map(({ share }) => share),
    [0.5, 0.9],
  );
  assert.deepEqual(
    percentilesOf(values.slice(0, 20)).map(({ share }) => share),
    [0.5],
  );
  assert.deepEqual(percentilesOf(values.slice(0, 19)), []);
});

test('latency counts from the intended start, and the own lateness is told', () => {
  const arrivals = Array.from({ length: 100 }, (_, index) => [index, index + 5, index + 30, 1] as const);
  const [sentence] = arrivalSentences([
    { perSecond: 80, arrivals, unfinished: 2, requests: 100, refused: 0, waitMs: 0 },
  ]);
  assert.equal(
    sentence,
    'Open loop, 80.0 a second, 100 jobs, from the intended start: 50 % 30.0 ms, 90 % 30.0 ms. ' +
      'Jobs started up to 5.00 ms late. 2 did not end in time.',
  );
});
