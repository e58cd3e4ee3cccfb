import { rank } from '../harness/findings/judge.ts';
import { commonMetric, metricValue } from '../harness/findings/metrics.ts';
import { formatRatio } from '../harness/findings/numbers.ts';
import { namesOf, rankText } from '../harness/findings/wording.ts';
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
  /** How many requests there are at each of the delays. */
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
    quick: { rounds: 6, warmUpRounds: 1, delaysMs: [1, 10], requests: [120, 50], limit: 10 },
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
      // A logarithm of 0 there is none.
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
  if (least === undefined || most === undefined || least === most || metricValue(least, CPU) === 0) return '';
  const times = formatRatio(metricValue(most, CPU) / metricValue(least, CPU));
  return `A request by ${most.variant} takes ${times} the CPU time of one by ${least.variant}.`;
}

/** A spread below this is less than what most other choices change. */
const SMALL_SPREAD = 1.2;

/** How far the clients are apart at one latency, as far as that is proven. */
function spreadOf([group, rows]: [string, Row[]]) {
  const ranking = rank(rows);
  const ratio =
    ranking === null || ranking.slowest === null ? 1 : timesAsLong(ranking.slowest, ranking.fastest[0]).value;
  return { group, ranking, ratio };
}

/** Where the client matters, at the least and at the greatest latency. */
function findingOf(rows: readonly Row[]): Finding | null {
  const spreads = [...Map.groupBy(rows, ({ group }) => group)].map(spreadOf);
  const [first, last] = [spreads[0], spreads.at(-1)];
  if (first === undefined || last === undefined || first.ranking === null) return null;
  const proven = spreads.filter(({ ranking }) => ranking !== null);
  const both = first === last ? [first] : [first, last];
  const times = both.map(({ group, ratio }) => `${ratio === 1 ? 'nothing' : formatRatio(ratio)} at ${group}`);
  return {
    headline: `The choice of client costs ${times.join(' and ')} of latency (slowest beside fastest).`,
    short: `choice of client: ${times.join(', ')}`,
    details: [
      ...[first, ...(last.ranking === null || first === last ? [] : [last])].map(
        ({ group, ranking }) => `At ${group}: ${rankText(ranking!)}`,
      ),
      last.ratio < SMALL_SPREAD && proven.length > 1
        ? `Use ${namesOf(first.ranking.fastest)} for short latencies; at ${last.group} choose by features.`
        : `Use ${namesOf(first.ranking.fastest)}.`,
    ],
  };
}
