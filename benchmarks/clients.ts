import { plain } from '../harness/findings/general.ts';
import { judgeMetric, type Ranking, rank } from '../harness/findings/judge.ts';
import { commonMetric, metricValue } from '../harness/findings/metrics.ts';
import { formatRatio } from '../harness/findings/numbers.ts';
import { joinParts, listOf, namesOf, rankText } from '../harness/findings/wording.ts';
import { defineExperiment, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { Row } from '../harness/model/row.ts';
import { timesAsLong } from '../harness/statistics/speedup.ts';
import { findHttpClients } from './clients/find-http-clients.ts';
import type { HttpClient } from './clients/http-client.ts';
import { clientCrawls } from './clients/http-client-crawl.ts';
import { semaphore } from './strategies/semaphore.ts';

interface ClientsWorkload extends Workload {
  readonly delaysMs: readonly number[];
  /** The number of requests at each delay. */
  readonly requests: readonly number[];
  readonly limit: number;
}

const BASELINE = 'undici request';
const HEADLINE = 'fetch of Node';
/** In the order of tables and charts. */
const CLIENTS = await findHttpClients();

const openClientCrawl = clientCrawls(CLIENTS);

export default defineExperiment<ClientsWorkload>({
  title: 'Clients',
  question: 'Where does the HTTP client matter, and where does it drown in latency?',
  brief: 'which one?',
  profiles: {
    smoke: { rounds: 1, warmUpRounds: 0, delaysMs: [1], requests: [20], limit: 5 },
    quick: { rounds: 20, otherRounds: 6, warmUpRounds: 1, delaysMs: [1, 10], requests: [120, 50], limit: 10 },
    book: {
      ...{ rounds: 10, warmUpRounds: 1, delaysMs: [0, 1, 10, 100] },
      ...{ requests: [2000, 2000, 1000, 500], limit: 50 },
    },
  },
  variants: ({ delaysMs, requests, limit }) =>
    delaysMs.flatMap((delayMs, index) => {
      const jobs = requests[index] ?? 1;
      return CLIENTS.map(
        (client): Variant => ({
          id: client.id,
          group: groupOf(delayMs),
          baseline: client.id === BASELINE,
          headline: client.id === HEADLINE,
          floor: client.floor === true,
          parameters: { delayMs },
          strategy: semaphore(limit),
          jobs,
          limit,
          connections: connectionsOf(client, jobs, limit),
          estimateMs: Math.ceil(jobs / limit) * (delayMs + 3) + 100,
          open: (target) => openClientCrawl(target, client, { requests: jobs, delayMs, connections: limit }),
        }),
      );
    }),
  metrics: [
    { name: 'cpuPerJobMs', unit: 'ms', better: 'lower', heading: 'CPU a request' },
    { name: 'heapPerRequestBytes', unit: 'bytes', better: 'lower', heading: 'heap' },
    { name: 'socketsByDefault', unit: 'count', better: 'neither', heading: 'sockets of 30' },
    { name: 'reopenedByDefault', unit: 'count', better: 'lower', heading: 'reopened' },
    { name: 'triesByDefault', unit: 'count', better: 'neither', heading: 'tries' },
  ],
  charts: [
    {
      kind: 'bars',
      view: 'cpu',
      says: ({ own }) => cpuBetweenClients(own),
      groups: [groupOf(1)],
      x: { title: 'CPU time of a request (ms)', scale: 'linear' },
      series: [{ figure: 'cpuPerJobMs', title: 'CPU time' }],
    },
    {
      kind: 'lines',
      view: 'latency',
      says: ({ own }) => findingOf(own)?.headline ?? '',
      line: 'variant',
      // Rows with a value of 0 do not fit on a logarithmic axis.
      groups: [1, 10, 100].map(groupOf),
      x: { parameter: 'delayMs', title: 'latency (ms)', scale: 'log' },
      left: { title: `times as long as ${BASELINE}`, scale: 'log' },
      series: [{ figure: 'medianMs', title: 'time', relativeTo: BASELINE }],
    },
  ],
  finding: ({ own }) => findingOf(own),
});

function connectionsOf({ closes, unlimited }: HttpClient, jobs: number, limit: number) {
  if (closes) return { used: jobs, opened: jobs };
  return unlimited ? { atMost: 2 * limit } : { atMost: limit, opened: 0 };
}

function groupOf(delayMs: number): string {
  return `${delayMs} ms`;
}

const CPU = commonMetric('cpuPerJobMs');

function cpuBetweenClients(all: readonly Row[]): string {
  const rows = all.filter(({ group }) => group === groupOf(1));
  const ordered = rows.toSorted((one, other) => metricValue(one, CPU) - metricValue(other, CPU));
  const [least, most] = [ordered[0], ordered.at(-1)];
  if (least === undefined || most === undefined || judgeMetric(least, most, CPU) !== 'better') return '';
  const times = formatRatio(metricValue(most, CPU) / metricValue(least, CPU));
  return `A request by ${most.variant} takes ${times} the CPU time of one by ${least.variant}.`;
}

/** A smaller spread matters less than most other choices. */
const SMALL_SPREAD = 1.2;

/** The spread between clients at one latency. */
interface Spread {
  readonly group: string;
  readonly ranking: Ranking;
  /** The time of the slowest divided by that of the fastest; 1 if they are tied. */
  readonly ratio: number;
}

/** An empty list if no spread is proven. */
function spreadsIn([group, rows]: [string, Row[]]): Spread[] {
  const ranking = rank(rows);
  if (ranking === null) return [];
  const { fastest, slowest } = ranking;
  return [{ group, ranking, ratio: slowest === null ? 1 : timesAsLong(slowest, fastest[0]).value }];
}

/** How much the client matters at the least and at the greatest latency. */
function findingOf(rows: readonly Row[]): Finding | null {
  const spreads = [...Map.groupBy(rows, ({ group }) => group)].flatMap(spreadsIn);
  const [first, last] = [spreads[0], spreads.at(-1)];
  if (first === undefined || last === undefined) return null;
  const both = first === last ? [first] : [first, last];
  const [apart, ...others] = both.filter(({ ranking }) => ranking.slowest !== null);
  const tied = both.filter(({ ranking }) => ranking.slowest === null).map(({ group }) => group);
  if (apart === undefined) return plain(`All clients are tied at ${listOf(tied)} latency.`);
  const more = others.map(({ group, ratio }) => `, and ${formatRatio(ratio)} at ${group}`).join('');
  return {
    headline: joinParts(
      [
        `The slowest client takes ${formatRatio(apart.ratio)} as long as the fastest at ${apart.group} latency${more}`,
        tied.length === 0 ? null : `at ${listOf(tied)} all are tied`,
      ],
      '; ',
    ).concat('.'),
    short: `slowest client: ${[apart, ...others].map(({ group, ratio }) => `${formatRatio(ratio)} at ${group}`).join(', ')}`,
    details: [...both.map(({ group, ranking }) => rankText(ranking, `at ${group}`)), adviceFor(apart, last)],
  };
}

function adviceFor(apart: Spread, last: Spread): string {
  const use = `Use ${namesOf(apart.ranking.fastest)}`;
  if (apart === last) return `${use}.`;
  return last.ratio < SMALL_SPREAD
    ? `${use} at ${apart.group}; at ${last.group} choose by features.`
    : `${use} at ${apart.group}, and ${namesOf(last.ranking.fastest)} at ${last.group}.`;
}
