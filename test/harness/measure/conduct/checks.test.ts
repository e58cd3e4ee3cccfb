import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findFailure, type SampleToCheck } from '../../../../harness/measure/conduct/checks.ts';

const variant: SampleToCheck['variant'] = { limit: 2, connections: { used: 2, opened: 0 } };
const requests = [
  { job: 0, run: 'crawl/all/1', arrivedMs: 5, startedMs: 5, releasedMs: 15 },
  { job: 1, run: 'crawl/all/1', arrivedMs: 4, startedMs: 6, releasedMs: 18 },
];
const evidence: SampleToCheck['evidence'] = {
  timeOriginMs: 0,
  requests,
  peakInFlight: 2,
  connections: { used: 2, opened: 0 },
};
const right: SampleToCheck = {
  variant,
  declaredIn: 'benchmarks/mine.ts',
  served: [0, 1],
  run: 'crawl/all/1',
  wallMs: 14,
  boundMs: 12,
  checksum: 'a',
  expectedChecksum: 'a',
  evidence,
  metrics: { answers: 3 },
  declaredMetrics: new Set(['answers', 'latencyMs']),
};

test('a right sample has no failure', () => {
  assert.equal(findFailure(right), null);
});

test('a request more is right where a row retries', () => {
  const retrying = { ...right, variant: { ...variant, retries: true } };
  assert.equal(
    findFailure({ ...retrying, evidence: { ...evidence, requests: [...requests, requests[1]!] } }),
    null,
  );
});

for (const [what, wrong, sentence] of [
  [
    'a request too many',
    { evidence: { ...evidence, requests: [...requests, requests[1]!] } },
    /served 3 requests instead of 2; if that is right, write retries: true for this variant in benchmarks\/mine\.ts$/,
  ],
  [
    'a request too few',
    { served: [0, 1, 2] },
    /served 2 requests instead of 3; if that is right, write served, .*, for this variant in benchmarks\/mine\.ts$/,
  ],
  [
    'a request too few, where those that are served are declared',
    { served: [0, 1, 2], variant: { ...variant, served: () => [0, 1, 2] } },
    /^the target served 2 requests instead of 3 before it ended; a promise may not be awaited$/,
  ],
  [
    'a request too few of a row that retries',
    { served: [0, 1, 2], variant: { ...variant, retries: true } },
    /served 2 requests instead of 3/,
  ],
  [
    'a job that retries do not make up for',
    {
      evidence: { ...evidence, requests: [requests[0]!, requests[0]!, requests[0]!] },
      variant: { ...variant, retries: true },
    },
    /^job 1 did not reach the target$/,
  ],
  ['a request of another sample', { run: 'crawl/all/2' }, /a request of another sample \("crawl\/all\/1"\)/],
  [
    'a request without a run',
    { evidence: { ...evidence, requests: [requests[0]!, { ...requests[1]!, run: '' }] } },
    /^a request without a run reached the target; jobPath writes paths that have one$/,
  ],
  [
    'a job twice',
    { evidence: { ...evidence, requests: [requests[0]!, requests[0]!] } },
    /job 1 did not reach the target/,
  ],
  [
    'a request without answer',
    { evidence: { ...evidence, requests: [requests[0]!, { ...requests[1]!, releasedMs: null }] } },
    /did not answer every request/,
  ],
  [
    'too many in flight',
    { evidence: { ...evidence, peakInFlight: 3 } },
    /saw 3 requests in flight, and the limit is 2; if that is right, write limit: 3 for this variant in benchmarks\/mine\.ts$/,
  ],
  [
    'too few connections',
    { evidence: { ...evidence, connections: { used: 1, opened: 0 } } },
    /^1 connection carried the sample instead of 2/,
  ],
  [
    'a connection opened',
    { evidence: { ...evidence, connections: { used: 2, opened: 1 } } },
    /^1 connection was opened during the sample instead of 0/,
  ],
  [
    'a connection more than chance allows',
    { variant: { limit: 2, connections: { atMost: 1 } } },
    /^2 connections carried the sample, more than 1; if that is right, write connections: { atMost: 2 } for this variant in benchmarks\/mine\.ts$/,
  ],
  [
    'another checksum',
    { checksum: 'b' },
    /its results have checksum b, those of the other variants a; if that is right, write sameResults: false /,
  ],
  [
    'an undeclared metric',
    { metrics: { answers: 3, answer: 1 } },
    /^its batch reports the metric answer, which is not among the metrics of benchmarks\/mine\.ts$/,
  ],
  [
    'a metric that is no number',
    { metrics: { answers: 3, latencyMs: Number.NaN } },
    /^its metric latencyMs is NaN, which is not a finite number$/,
  ],
  ['a metric without end', { metrics: { answers: Number.NEGATIVE_INFINITY } }, /answers is -Infinity, /],
  ['faster than possible', { wallMs: 11 }, /less than the 12 ms that are possible/],
] as [string, Partial<SampleToCheck>, RegExp][])
  test(`${what} is found`, () => {
    assert.match(findFailure({ ...right, ...wrong })!, sentence);
  });

test('with the connections that a failure suggests, the same sample is right', () => {
  for (const connections of [
    { used: 1, opened: 0 },
    { used: 3, opened: 0 },
    { used: 2, opened: 2 },
    { atMost: 1 },
    { atMost: 2, opened: 1 },
  ]) {
    const seen = { ...right, variant: { ...variant, connections } };
    const [, atMost] = /write connections: { atMost: (\d+) } for this variant in benchmarks\/mine\.ts$/.exec(
      findFailure(seen)!,
    )!;
    assert.equal(
      findFailure({ ...seen, variant: { ...variant, connections: { atMost: Number(atMost) } } }),
      null,
    );
  }
});

test('a target whose requests carry no run is checked by their jobs alone', () => {
  const unnamed = requests.map(({ run, ...request }) => request);
  assert.equal(findFailure({ ...right, evidence: { ...evidence, requests: unnamed } }), null);
});
