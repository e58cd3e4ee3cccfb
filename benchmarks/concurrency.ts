import { plain } from '../harness/findings/general.ts';
import { type GroupKnee, groupKnee } from '../harness/findings/knees.ts';
import { commonMetric, metricText } from '../harness/findings/metrics.ts';
import { formatShare } from '../harness/findings/numbers.ts';
import { boundText, speedText } from '../harness/findings/wording.ts';
import { defineExperiment, TIME_LIMIT_MS, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { PeerVariant } from '../harness/model/peer.ts';
import type { Row } from '../harness/model/row.ts';
import { peerCrawl } from './clients/peer-crawl.ts';
import { openSocketCrawl } from './clients/socket-crawl.ts';
import { openCrawl } from './clients/undici-crawl.ts';
import { callbacks } from './strategies/callbacks.ts';
import { semaphore } from './strategies/semaphore.ts';

interface ConcurrencyWorkload extends Workload {
  readonly requests: number;
  readonly delaysMs: readonly number[];
  readonly limits: readonly number[];
}

/** A row that takes longer than this runs once, without an interval: six runs would take most of an hour. */
const LONG_MS = 60_000;
/** A higher limit is worthwhile while it gains this share of throughput. */
const GAIN = 0.05;

export default defineExperiment<ConcurrencyWorkload>({
  title: 'Concurrency',
  question: 'How many requests should be in flight at once?',
  brief: 'how many?',
  profiles: {
    smoke: { rounds: 2, warmUpRounds: 0, requests: 60, delaysMs: [5], limits: [1, 10, 60] },
    quick: {
      rounds: 8,
      otherRounds: 6,
      repeats: { 'semaphore@15': 2 },
      warmUpRounds: 1,
      requests: 30,
      delaysMs: [10, 20],
      limits: [1, 3, 8, 15, 20],
    },
    book: {
      rounds: 6,
      warmUpRounds: 0,
      requests: 500,
      delaysMs: [50, 300, 550, 800],
      limits: Array.from({ length: 20 }, (_, index) => 1 + 25 * index),
    },
  },
  variants: (workload) => workload.delaysMs.flatMap((delayMs) => variantsAt(delayMs, workload)),
  peers({ requests, delaysMs, limits }) {
    const [delayMs] = delaysMs;
    // At the shortest latency only, where clients differ most; all latencies would take an hour more.
    return delayMs === undefined
      ? []
      : limits.map(
          (limit): PeerVariant => ({
            id: `@${limit}`,
            group: `${delayMs} ms`,
            nearest: `semaphore@${limit}`,
            parameters: { limit, delayMs },
            ...peerCrawl({ requests, delayMs, limit, strategy: 'semaphore' }),
            ...(limit === 1 ? { rounds: 1 } : {}),
          }),
        );
  },
  charts: [
    {
      kind: 'lines',
      view: 'time',
      says: ({ own }) => findingOf(own)?.headline ?? '',
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
      parameter: 'limit',
      title: 'requests in flight on average, at most',
    },
  ],
  finding: ({ own }) => findingOf(own),
});

/** Every limit at one latency, and the floor at the headline's. */
function variantsAt(delayMs: number, { requests, limits }: ConcurrencyWorkload): Variant[] {
  const variant = (limit: number, given: Pick<Variant, 'id' | 'open' | 'strategy'>): Variant => ({
    group: `${delayMs} ms`,
    parameters: { limit, delayMs },
    jobs: requests,
    limit,
    connections: { used: limit, opened: 0 },
    estimateMs: Math.ceil(requests / limit) * (delayMs + 1),
    timeLimitMs: TIME_LIMIT_MS + (3 * requests * delayMs) / limit,
    ...given,
  });
  const headline = headlineLimit(limits, requests);
  const crawl = (limit: number) => ({ requests, delayMs, connections: limit });
  return [
    ...limits.map((limit): Variant => {
      const row = variant(limit, {
        id: `semaphore@${limit}`,
        strategy: semaphore(limit),
        open: (target) => openCrawl(target, crawl(limit)),
      });
      return {
        ...row,
        baseline: limit === limits[0],
        control: limit === limits.at(-1),
        // Half of all requests, in two waves: much more than one at a time, and long enough for a precise time.
        headline: limit === headline,
        warmsUp: limit > 1,
        ...(row.estimateMs > LONG_MS ? { rounds: 1, warmsUp: false } : {}),
      };
    }),
    ...(headline === undefined
      ? []
      : [
          {
            ...variant(headline, {
              id: `floor@${headline}`,
              strategy: callbacks(headline),
              open: (target) => openSocketCrawl(target, crawl(headline)),
            }),
            floor: true,
          },
        ]),
  ];
}

function headlineLimit(limits: readonly number[], requests: number): number | undefined {
  return limits.find((limit) => limit >= requests / 2);
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

function limitOf(row: Row): number {
  return Number(row.parameters.limit);
}

function findingOf(rows: readonly Row[]): Finding | null {
  const knees = [...Map.groupBy(rows, ({ group }) => group)].flatMap(
    ([group, members]) => groupKnee(group, members, limitOf, GAIN) ?? [],
  );
  const helping = knees.filter(({ helps }) => helps);
  const details = [...new Set([knees[0], knees.at(-1)])].flatMap((knee) => knee ?? []).map(detailOf);
  const gain = formatShare(GAIN);
  if (knees.length === 0) return null;
  if (helping.length === 0) {
    const headline = `Concurrency did not measurably help (${latenciesOf(knees)} latency).`;
    return { ...plain(headline, 'concurrency did not measurably help'), details };
  }
  const limits = helping.map(({ knee }) => knee.limit);
  const [least, most] = [Math.min(...limits), Math.max(...limits)];
  const stop = least === most ? String(least) : `${least} to ${most}`;
  const latencies = `${latenciesOf(helping)} latency`;
  if (helping.every(({ isLargest }) => isLargest))
    return {
      headline: `More requests in flight gained ${gain} up to the largest limit tested: ${stop} (${latencies}).`,
      short: `more in flight gained ${gain} up to the largest: ${stop}`,
      details,
    };
  const more = helping.some(({ isLargest }) => isLargest)
    ? `no larger limit tested gains ${gain}`
    : `more gains less than ${gain}`;
  return {
    headline: `Stop at ${stop} requests in flight (${latencies}): ${more}.`,
    short: `stop at ${stop} requests in flight`,
    details,
  };
}

function latenciesOf(knees: readonly GroupKnee[]): string {
  const [first, last] = [knees[0]!.group, knees.at(-1)!.group];
  return first === last ? first : `${first} to ${last}`;
}

function detailOf({ group, knee: { limit, low, high }, row, helps, isLargest }: GroupKnee): string {
  if (!helps) return `At ${group} latency, concurrency did not measurably help.`;
  const stop = `At ${group} latency, stop at ${limit} (${low} to ${high})${isLargest ? ', the largest tested' : ''}.`;
  return `${stop} It is ${speedText(row)}, at ${boundText(row)}.`;
}
