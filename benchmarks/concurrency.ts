import { besidePeers } from '../harness/findings/beside-peers.ts';
import { defineExperiment, TIME_LIMIT_MS, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { PeerVariant } from '../harness/model/peer.ts';
import type { Row } from '../harness/model/row.ts';
import { ratioDigits } from '../harness/report/text.ts';
import { type Knee, kneeOf } from '../harness/statistics/knee.ts';
import { peerCrawl } from './clients/peer-crawl.ts';
import { openCrawl } from './clients/undici-crawl.ts';
import { semaphore } from './strategies/semaphore.ts';

interface ConcurrencyWorkload extends Workload {
  readonly requests: number;
  readonly delaysMs: readonly number[];
  readonly limits: readonly number[];
}

/** A row that takes longer than this runs once, without an interval: six of them would take the better part of an hour. */
const LONG_MS = 60_000;
/** A limit is worth raising while that gains so much throughput. */
const GAIN = 0.05;

export default defineExperiment<ConcurrencyWorkload>({
  title: 'Concurrency',
  question: 'How many requests should be in flight at once?',
  profiles: {
    smoke: { rounds: 2, warmUpRounds: 0, requests: 60, delaysMs: [5], limits: [1, 10, 60] },
    quick: { rounds: 6, warmUpRounds: 1, requests: 30, delaysMs: [10, 20], limits: [1, 3, 8, 15, 20] },
    book: {
      rounds: 6,
      warmUpRounds: 0,
      requests: 500,
      delaysMs: [50, 300, 550, 800],
      limits: Array.from({ length: 20 }, (_, index) => 1 + 25 * index),
    },
  },
  variants({ requests, delaysMs, limits }) {
    return delaysMs.flatMap((delayMs) =>
      limits.map((limit): Variant => {
        const estimateMs = Math.ceil(requests / limit) * (delayMs + 1);
        return {
          id: `semaphore@${limit}`,
          group: `${delayMs} ms`,
          baseline: limit === limits[0],
          control: limit === limits.at(-1),
          // Half of all in two waves: far from one at a time, and long enough to be measured well.
          headline: limit === headlineLimit(limits, requests),
          parameters: { limit, delayMs },
          strategy: semaphore(limit),
          jobs: requests,
          limit,
          connections: { used: limit, opened: 0 },
          estimateMs,
          timeLimitMs: TIME_LIMIT_MS + (3 * requests * delayMs) / limit,
          warmsUp: limit > 1,
          ...(estimateMs > LONG_MS ? { rounds: 1, warmsUp: false } : {}),
          open: (target) => openCrawl(target, { requests, delayMs, connections: limit }),
        };
      }),
    );
  },
  peers({ requests, delaysMs, limits }) {
    const [delayMs] = delaysMs;
    // At the shortest latency only, where clients differ most; all of them would take an hour more.
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
      says: kneesOf,
      line: 'group',
      x: { parameter: 'limit', title: 'requests in flight at most', scale: 'linear' },
      left: { title: 'time for all requests (ms)', scale: 'log' },
      series: [{ figure: 'medianMs', title: 'time' }],
      bound: true,
    },
    {
      kind: 'scalability',
      view: 'throughput',
      says: mostThroughput,
      parameter: 'limit',
      title: 'requests in flight on average, at most',
    },
  ],
  finding(rows) {
    const ours = rows.filter(({ peer }) => !peer);
    const groups = [...Map.groupBy(ours, (row) => row.group)];
    return groups.length === 0
      ? ''
      : `The most in flight that still gain ${(GAIN * 100).toFixed(0)} %: ${groups.map(([group, members]) => kneeOfGroup(group, members)).join('; ')}.`;
  },
  peersFinding(rows) {
    const beside = rows.find(({ nearest }) => nearest !== null)?.group;
    const members = rows.filter(({ group }) => group === beside);
    const own = members.find(({ headline, peer }) => headline && !peer);
    const sentence = own === undefined ? '' : besidePeers(members, own.variant, 'speedup');
    return sentence === '' ? '' : `At ${beside}, ${sentence}`;
  },
});

function headlineLimit(limits: readonly number[], requests: number): number | undefined {
  return limits.find((limit) => limit >= requests / 2);
}

/** The knees alone. */
function kneesOf(rows: readonly Row[]): string {
  const groups = [
    ...Map.groupBy(
      rows.filter(({ peer }) => !peer),
      ({ group }) => group,
    ),
  ];
  if (groups.length === 0) return '';
  const knees = groups.map(([group, members]) => `${kneeOfRows(members).limit} at ${group}`);
  return `The most requests in flight that still gain ${(GAIN * 100).toFixed(0)} %: ${knees.join(', ')}.`;
}

/** What the most in flight bring where waits are shortest, and so the client's own work counts most. */
function mostThroughput(rows: readonly Row[]): string {
  const [first] = rows;
  const members = rows.filter(({ group, peer }) => group === first?.group && !peer);
  const most = members.toSorted((one, other) => limitOf(other) - limitOf(one))[0];
  if (most === undefined) return '';
  const perSecond = (most.metrics.requestsPerSecond ?? 0).toFixed(0);
  return (
    `At ${most.group}, ${limitOf(most)} in flight bring ${perSecond} requests a second, ` +
    `${(most.efficiency * 100).toFixed(0)} % of what waiting alone allows.`
  );
}

function limitOf(row: Row): number {
  return Number(row.parameters.limit);
}

function kneeOfRows(rows: readonly Row[]): Knee {
  return kneeOf(
    rows.map((row) => ({ limit: limitOf(row), time: row.time })),
    GAIN,
  );
}

/** What a group's knee is, and what it brings. */
function kneeOfGroup(group: string, rows: readonly Row[]): string {
  const limits = rows.map(limitOf);
  const knee = kneeOfRows(rows);
  if (knee.limit === Math.min(...limits) && limits.length > 1)
    return `${knee.limit} at ${group}, so that concurrency did not help`;
  const most = knee.limit === Math.max(...limits) ? ', the most that was tried' : '';
  const { speedup, efficiency } = rows.find((row) => limitOf(row) === knee.limit)!;
  return (
    `${knee.limit} at ${group}${most} (${intervalOf(knee)}; ${ratioDigits(speedup.value)} times as fast as ` +
    `${Math.min(...limits)} at a time, ${(efficiency * 100).toFixed(0)} % of the bound)`
  );
}

function intervalOf({ low, high }: Knee): string {
  return low === null || high === null ? 'too few rounds for an interval' : `95 % interval ${low} to ${high}`;
}
