import { defineExperiment, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Estimate, Row } from '../harness/model/row.ts';
import { ratioDigits } from '../harness/report/text.ts';
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
  columns: [
    { metric: 'cpuPerJobMs', heading: 'CPU a request' },
    { metric: 'heapPerRequestBytes', heading: 'heap' },
    { metric: 'socketsByDefault', heading: 'sockets of 30' },
    { metric: 'reopenedByDefault', heading: 'reopened' },
    { metric: 'triesByDefault', heading: 'tries' },
  ],
  charts: [
    {
      kind: 'bars',
      view: 'cpu',
      says: cpuBetweenClients,
      groups: [groupOf(1)],
      x: { title: 'CPU time of a request (ms)', scale: 'linear' },
      series: [{ figure: 'cpuPerJobMs', title: 'CPU time' }],
    },
    {
      kind: 'lines',
      view: 'latency',
      says: spreadByLatency,
      line: 'variant',
      // A logarithm of 0 there is none.
      groups: [1, 10, 100].map(groupOf),
      x: { parameter: 'delayMs', title: 'latency (ms)', scale: 'log' },
      left: { title: `times as long as ${BASELINE}`, scale: 'log' },
      series: [{ figure: 'medianMs', title: 'time', relativeTo: BASELINE }],
    },
  ],
  finding: (rows) =>
    [...Map.groupBy(rows, ({ group }) => group)]
      .map(([group, members]) => findingOfGroup(group, members))
      .join(' '),
});

function connectionsOf({ closes, unlimited }: HttpClient, jobs: number, limit: number) {
  if (closes) return { used: jobs, opened: jobs };
  return unlimited ? { atMost: 2 * limit } : { atMost: limit, opened: 0 };
}

function groupOf(delayMs: number): string {
  return `${delayMs} ms`;
}

function cpuBetweenClients(all: readonly Row[]): string {
  const rows = all.filter(({ group }) => group === groupOf(1));
  const cpuMs = ({ metrics }: Row) => metrics.cpuPerJobMs ?? 0;
  const ordered = rows.toSorted((one, other) => cpuMs(one) - cpuMs(other));
  const [least, most] = [ordered[0], ordered.at(-1)];
  if (least === undefined || most === undefined || cpuMs(least) === 0) return '';
  const times = ratioDigits(cpuMs(most) / cpuMs(least));
  return `A request by ${most.variant} takes ${times} times the CPU time of one by ${least.variant}.`;
}

/** How far the clients are apart at the least and at the greatest latency. */
function spreadByLatency(rows: readonly Row[]): string {
  const groups = [...Map.groupBy(rows, ({ group }) => group)].filter(([group]) => group !== groupOf(0));
  const spreadOf = (members: readonly Row[]) => {
    const ordered = fastestFirst(members);
    return slownessOf(ordered.at(-1)!, ordered[0]!);
  };
  const [first, last] = [groups[0], groups.at(-1)];
  if (first === undefined || last === undefined || first === last) return '';
  return (
    `At ${first[0]} the slowest client takes ${spreadOf(first[1])} times as long as the fastest, at ${last[0]} ` +
    `${spreadOf(last[1])} times.`
  );
}

function speedupOf({ baseline, speedup }: Row): Estimate {
  return baseline ? { value: 1, low: 1, high: 1 } : speedup;
}

function fastestFirst(rows: readonly Row[]): Row[] {
  return rows.toSorted((one, other) => speedupOf(other).value - speedupOf(one).value);
}

/** How many times as long one client takes as another. */
function slownessOf(own: Row, other: Row): string {
  return ratioDigits(timesAsLong(own, other).value);
}

/** Which client is fastest, as far as the intervals tell it from the next. */
function findingOfGroup(group: string, rows: readonly Row[]): string {
  const [first, ...others] = fastestFirst(rows);
  const last = others.at(-1);
  if (first === undefined || last === undefined) return '';
  const { low } = speedupOf(first);
  if (low === null || others.some((row) => speedupOf(row).high === null))
    return `At ${group}: too few rounds for an interval, nothing is proven.`;
  const tied = others.filter((row) => speedupOf(row).high! >= low);
  const slowest = `the slowest, ${last.variant}, takes ${slownessOf(last, first)} times as long as the fastest`;
  if (tied.length === 0)
    return `At ${group} ${first.variant} is fastest, ahead of ${others[0]!.variant}; ${slowest}.`;
  if (tied.length === others.length) return `At ${group} no client can be told from another.`;
  const names = [first, ...tied].map(({ variant }) => variant).join(', ');
  return `At ${group} these cannot be told apart as the fastest: ${names}; ${slowest}.`;
}
