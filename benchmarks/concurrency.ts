import { commonMetric, metricText } from '../harness/findings/metrics.ts';
import { defineExperiment, TIME_LIMIT_MS, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { PeerVariant } from '../harness/model/peer.ts';
import type { Row } from '../harness/model/row.ts';
import { LEAST_WAVES } from '../harness/statistics/steady.ts';
import { peerCrawl } from './clients/peer-crawl.ts';
import { openSocketCrawl } from './clients/socket-crawl.ts';
import { STEADY, withSteadyThroughput } from './clients/steady.ts';
import { findingOfSweeps, limitOf, throughputAtCapacity } from './clients/sweep-finding.ts';
import { openCrawl } from './clients/undici-crawl.ts';
import { callbacks } from './strategies/callbacks.ts';
import { semaphore } from './strategies/semaphore.ts';

interface ConcurrencyWorkload extends Workload {
  readonly requests: number;
  readonly delaysMs: readonly number[];
  readonly limits: readonly number[];
  /** How many requests the second target serves at once; the other parameters with this prefix are of its rows. */
  readonly capacity: number;
  readonly capacityDelayMs: number;
  /** Below, at and beyond the capacity. Each row has as many requests as the largest limit needs for a steady throughput. */
  readonly capacityLimits: readonly number[];
}

/** The rows of one group. */
interface Sweep {
  readonly group: string;
  readonly target: string;
  readonly requests: number;
  readonly delayMs: number;
  readonly limits: readonly number[];
  /** How many requests the target serves at once, if something limits that. */
  readonly capacity?: number;
}

/** A row that takes longer than this runs once, without an interval: six runs would take most of an hour. */
const LONG_MS = 60_000;
/** The group of the rows on the target whose answer is known. */
const CAPACITY_GROUP = 'capacity';

/** The groups of the latencies of all profiles; the rows on the second target do another number of requests. */
const LATENCY_GROUPS = [5, 10, 20, 50, 300, 550, 800].map(groupOf);

export default defineExperiment<ConcurrencyWorkload>({
  title: 'Concurrency',
  question: 'How many requests should be in flight at once?',
  brief: 'how many?',
  profiles: {
    smoke: {
      ...{ rounds: 2, warmUpRounds: 0, requests: 60, delaysMs: [5], limits: [1, 10, 60] },
      ...{ capacity: 2, capacityDelayMs: 2, capacityLimits: [1, 2, 3] },
    },
    quick: {
      rounds: 8,
      otherRounds: 6,
      repeats: { '5 ms semaphore@15': 8, '10 ms semaphore@15': 4 },
      warmUpRounds: 1,
      requests: 30,
      delaysMs: [5, 10],
      limits: [1, 3, 8, 15, 20],
      ...{ capacity: 4, capacityDelayMs: 7, capacityLimits: [3, 4, 5] },
    },
    book: {
      rounds: 6,
      warmUpRounds: 0,
      requests: 500,
      delaysMs: [50, 300, 550, 800],
      limits: Array.from({ length: 20 }, (_, index) => 1 + 25 * index),
      ...{ capacity: 20, capacityDelayMs: 50, capacityLimits: [10, 15, 20, 25, 30] },
    },
  },
  targets: ({ capacity }) => ({ server: {}, limited: { capacity } }),
  variants: (workload) => [
    ...workload.delaysMs.flatMap((delayMs) => variantsAtLatency(delayMs, workload)),
    ...variantsAtCapacity(workload),
  ],
  peers({ requests, delaysMs, limits }) {
    const [delayMs] = delaysMs;
    // At the shortest latency only, where clients differ most; all latencies would take an hour more.
    return delayMs === undefined
      ? []
      : limits.map(
          (limit): PeerVariant => ({
            id: `@${limit}`,
            group: groupOf(delayMs),
            nearest: `semaphore@${limit}`,
            parameters: { limit, delayMs },
            ...peerCrawl({ requests, delayMs, limit, strategy: 'semaphore' }),
            ...(limit === 1 ? { rounds: 1 } : {}),
          }),
        );
  },
  metrics: [STEADY],
  charts: [
    {
      kind: 'lines',
      view: 'time',
      says: ({ own }) => findingOfSweeps(own)?.headline ?? '',
      groups: LATENCY_GROUPS,
      line: 'group',
      x: { parameter: 'limit', title: 'requests in flight at most', scale: 'linear' },
      left: { title: 'time for all requests (ms)', scale: 'log' },
      series: [{ figure: 'medianMs', title: 'time' }],
      bound: true,
    },
    {
      kind: 'scalability',
      view: 'throughput',
      says: ({ own }) => mostThroughput(own),
      groups: LATENCY_GROUPS,
      parameter: 'limit',
      title: 'requests in flight on average, at most',
    },
    {
      kind: 'lines',
      view: 'capacity',
      says: ({ own }) => throughputAtCapacity(own),
      groups: [CAPACITY_GROUP],
      line: 'group',
      x: { parameter: 'limit', title: 'requests in flight at most', scale: 'linear' },
      left: { title: 'steady throughput (answers a second)', scale: 'linear' },
      series: [{ figure: STEADY.name, title: 'steady throughput' }],
      bound: false,
    },
  ],
  finding: ({ own }) => findingOfSweeps(own),
});

function groupOf(delayMs: number): string {
  return `${delayMs} ms`;
}

/** Every limit at one latency, and the floor at the headline's. */
function variantsAtLatency(delayMs: number, { requests, limits }: ConcurrencyWorkload): Variant[] {
  const sweep = { group: groupOf(delayMs), target: 'server', requests, delayMs, limits };
  const rows = sweepRows(sweep);
  // Half of all requests, in two waves: much more than one at a time, and long enough for a precise time.
  const headline = limits.find((limit) => limit >= requests / 2);
  if (headline === undefined) return rows;
  const floor: Variant = {
    ...rowOf(sweep, headline),
    id: `floor@${headline}`,
    floor: true,
    strategy: callbacks(headline),
    open: async (target) =>
      withSteadyThroughput(
        await openSocketCrawl(target, { requests, delayMs, connections: headline }),
        headline,
      ),
  };
  return [...rows.map((row) => ({ ...row, headline: row.limit === headline })), floor];
}

/** The rows on the target with a capacity, where the answer is known. */
function variantsAtCapacity(workload: ConcurrencyWorkload): Variant[] {
  const { capacity, capacityDelayMs, capacityLimits } = workload;
  return sweepRows({
    group: CAPACITY_GROUP,
    target: 'limited',
    requests: LEAST_WAVES * Math.max(...capacityLimits),
    delayMs: capacityDelayMs,
    limits: capacityLimits,
    capacity,
    // The client is warm from the rows before.
  }).map((row) => ({ ...row, warmsUp: false }));
}

function sweepRows(sweep: Sweep): Variant[] {
  const { requests, delayMs, limits } = sweep;
  return limits.map((limit): Variant => {
    const row = rowOf(sweep, limit);
    return {
      ...row,
      id: `semaphore@${limit}`,
      strategy: semaphore(limit),
      open: async (target) =>
        withSteadyThroughput(await openCrawl(target, { requests, delayMs, connections: limit }), limit),
      baseline: limit === limits[0],
      control: limit === limits.at(-1),
      warmsUp: limit > 1,
      ...(row.estimateMs > LONG_MS ? { rounds: 1, warmsUp: false } : {}),
    };
  });
}

/** The fields of a row that follow from its limit. */
function rowOf({ group, target, requests, delayMs, capacity }: Sweep, limit: number) {
  const atOnce = Math.min(limit, capacity ?? limit);
  return {
    group,
    target,
    parameters: { limit, delayMs, ...(capacity === undefined ? {} : { capacity }) },
    jobs: requests,
    limit,
    connections: { used: limit, opened: 0 },
    estimateMs: Math.ceil(requests / atOnce) * (delayMs + 1),
    timeLimitMs: TIME_LIMIT_MS + (3 * requests * delayMs) / atOnce,
  } satisfies Partial<Variant>;
}

/** The throughput with the most requests in flight at the shortest latency, where the client's own work counts most. */
function mostThroughput(rows: readonly Row[]): string {
  const [first] = rows;
  const members = rows.filter(({ group }) => group === first?.group);
  const most = members.toSorted((one, other) => limitOf(other) - limitOf(one))[0];
  if (most === undefined) return '';
  return (
    `At ${most.group} latency and at most ${limitOf(most)} in flight, ` +
    `the throughput is ${metricText(most, commonMetric('requestsPerSecond'))} a second.`
  );
}
