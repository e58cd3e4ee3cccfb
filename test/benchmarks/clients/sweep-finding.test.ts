import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { findingOfSweeps, throughputAtCapacity } from '../../../benchmarks/clients/sweep-finding.ts';
import { LONGEST } from '../../../harness/findings/longest.ts';
import { MetricError } from '../../../harness/findings/metrics.ts';
import type { Row } from '../../../harness/model/row.ts';
import { madeUpRow } from '../../fixtures/record.ts';

interface Given {
  readonly requests: number;
  readonly capacity?: number;
  /** Of the intervals, as a share. */
  readonly spread?: number;
}

/** Rows of a sweep, with the steady throughput at each limit. */
function sweep(
  group: string,
  perSecond: Readonly<Record<number, number>>,
  { requests, capacity, spread = 0.01 }: Given,
): Row[] {
  return Object.entries(perSecond).map(([limit, value], index) =>
    madeUpRow({
      variant: `semaphore@${limit}`,
      group,
      baseline: index === 0,
      parameters: { limit: Number(limit), ...(capacity === undefined ? {} : { capacity }) },
      target: { requests, peakInFlight: Number(limit), connections: Number(limit) },
      metrics: { steadyPerSecond: value },
      metricIntervals: {
        steadyPerSecond: { value, low: value * (1 - spread), high: value * (1 + spread) },
      },
    }),
  );
}

const ENOUGH = { requests: 1000 };

test('where the largest limit still gains, the finding says so', () => {
  const { headline, short, details } = findingOfSweeps(sweep('50 ms', { 1: 20, 10: 200 }, ENOUGH))!;
  assert.equal(
    headline,
    'More requests in flight gained 15 % up to the largest limit tested: 10 (50 ms latency).',
  );
  assert.equal(short, 'more in flight gained 15 % up to the largest: 10');
  assert.match(details[0]!, /^At 50 ms latency, stop at 10 \(10 to 10\), the largest tested\. /);
});

test('latencies at which concurrency helps are apart from those at which it does not', () => {
  const rows = [
    ...sweep('1 ms', { 1: 900, 10: 905 }, ENOUGH),
    ...sweep('50 ms', { 1: 20, 10: 200, 50: 205 }, ENOUGH),
  ];
  const { headline, details } = findingOfSweeps(rows)!;
  assert.equal(headline, 'Stop at 10 requests in flight (50 ms latency): more gains less than 15 %.');
  assert.equal(details[0], 'At 1 ms latency, concurrency did not measurably help.');
});

test('a gain within the intervals is not claimed, and without intervals nothing is', () => {
  const wide = sweep('50 ms', { 1: 100, 10: 140 }, { ...ENOUGH, spread: 0.5 });
  assert.equal(findingOfSweeps(wide)!.headline, 'Concurrency did not measurably help (50 ms latency).');
  assert.equal(findingOfSweeps(wide.map((row) => ({ ...row, metricIntervals: {} }))), null);
});

test('a target with a capacity is named with it, wherever the knee lies', () => {
  const rows = (perSecond: Readonly<Record<number, number>>) =>
    sweep('capacity', perSecond, { requests: 100, capacity: 4 });
  const at = rows({ 3: 350, 4: 467, 5: 488 });
  assert.equal(
    findingOfSweeps(at)!.headline,
    'Stop at 4 requests in flight where the target serves 4 at once: more gains less than 15 %.',
  );
  assert.equal(
    throughputAtCapacity(at),
    'A target that serves 4 at once answers 467 a second with 4 in flight, and 488 with 5.',
  );
  const beyond = rows({ 3: 300, 4: 400, 5: 488 });
  assert.match(findingOfSweeps(beyond)!.headline, /limit tested: 5 where the target serves 4 at once\.$/);
  assert.match(throughputAtCapacity(beyond), /answers 488 a second with 5 in flight\.$/);
});

test('limits that have fewer than 20 waves are not judged', () => {
  // Two waves of 500 take as long as one of 1000 with half of the limit.
  const rows = sweep('50 ms', { 1: 20, 10: 200, 251: 5000, 476: 5000 }, { requests: 500 });
  const { headline } = findingOfSweeps(rows)!;
  assert.match(headline, /^More requests in flight gained 15 % up to the largest limit tested: 10 /);
});

test('a sweep whose limits have too few waves yields no knee: the batch sets it', () => {
  const limits = fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 8 });
  const perSecond = fc.double({ min: 1, max: 10_000, noNaN: true });
  fc.assert(
    fc.property(limits, perSecond, fc.infiniteStream(perSecond), (given, share, rates) => {
      const ordered = given.toSorted((one, other) => one - other);
      // The second limit lacks one request for its 20 waves.
      const requests = Math.max(1, Math.min(20 * ordered[1]! - 1, Math.ceil(share)));
      const rows = sweep('50 ms', Object.fromEntries(ordered.map((limit) => [limit, rates.next().value!])), {
        requests,
      });
      const { headline, short, details } = findingOfSweeps(rows)!;
      assert.equal(
        headline,
        `With ${requests} requests, the batch and not the target sets the best limit (50 ms latency).`,
      );
      assert.equal(short, `with ${requests} requests, the batch sets the limit`);
      assert.doesNotMatch(details.join(' '), /stop at/i);
      assert.equal(throughputAtCapacity(rows), '');
    }),
  );
});

test('beside a target with a capacity, the finding says of the others that the batch sets it', () => {
  const rows = [
    ...sweep('10 ms', { 1: 95, 15: 1300 }, { requests: 30 }),
    ...sweep('20 ms', { 1: 48, 15: 700 }, { requests: 30 }),
    ...sweep('capacity', { 3: 350, 4: 467, 5: 488 }, { requests: 100, capacity: 4 }),
  ];
  const { headline, short, details } = findingOfSweeps(rows)!;
  assert.match(headline, /^Stop at 4 requests in flight where the target serves 4 at once/);
  assert.ok(headline.length <= LONGEST.headline && short.length <= LONGEST.short);
  assert.equal(details.length, LONGEST.details);
  assert.equal(
    details[1],
    'With 30 requests, the batch and not the target sets the best limit (10 ms to 20 ms latency). ' +
      'A limit is judged by 20 waves: 30 requests have them up to 1 in flight.',
  );
});

test('a throughput that is missing is an error, and a record from before it is worded', () => {
  const without = (rows: Row[]) => rows.map((row) => ({ ...row, metrics: {}, metricIntervals: {} }));
  assert.throws(() => findingOfSweeps(without(sweep('1 ms', { 1: 1, 5: 5 }, ENOUGH))), MetricError);
  const before = without(sweep('50 ms', { 1: 20, 26: 500, 251: 5000 }, { requests: 500 }));
  assert.match(findingOfSweeps(before)!.headline, /^With 500 requests, the batch /);
});
