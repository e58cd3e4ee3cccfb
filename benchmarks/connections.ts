import { Client, type Dispatcher, Pool } from 'undici';
import { judge } from '../harness/findings/judge.ts';
import { formatRatio } from '../harness/findings/numbers.ts';
import { listOf, speedText } from '../harness/findings/wording.ts';
import { defineExperiment, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { Row } from '../harness/model/row.ts';
import type { SampleTarget } from '../harness/model/target.ts';
import { connectionOptions, createPool } from './clients/exchange.ts';
import { type Crawl, openCrawl } from './clients/undici-crawl.ts';
import { promiseAll } from './strategies/promise-all.ts';
import { semaphore } from './strategies/semaphore.ts';
import { serial } from './strategies/serial.ts';

interface ConnectionsWorkload extends Workload {
  readonly requests: number;
  readonly delayMs: number;
  readonly atOnce: number;
}

/** How a row maps its requests to connections. */
interface Way {
  readonly id: string;
  readonly strategy: Variant['strategy'];
  readonly limit: number;
  readonly connections: { readonly used: number; readonly opened: number };
  /** Makes the dispatcher that sends; by default a pool of the row's connections. */
  dispatcher?(target: SampleTarget): Dispatcher;
  readonly request?: NonNullable<Crawl['request']>;
  readonly target?: string;
}

export default defineExperiment<ConnectionsWorkload>({
  title: 'Connections',
  question: 'What is it worth to keep connections open, and how much of a speedup is that alone?',
  brief: 'keep open?',
  profiles: {
    smoke: { rounds: 2, warmUpRounds: 0, requests: 20, delayMs: 2, atOnce: 5 },
    quick: {
      rounds: 10,
      otherRounds: 6,
      repeats: { 'TLS new for each': 2 },
      warmUpRounds: 0,
      requests: 20,
      delayMs: 4,
      atOnce: 10,
    },
    book: { rounds: 7, warmUpRounds: 1, requests: 200, delayMs: 10, atOnce: 100 },
  },
  targets: () => ({ http: {}, https: { protocol: 'https' }, http2: { protocol: 'http2' } }),
  variants(workload) {
    const { requests, delayMs } = workload;
    const variant = (group: string, target: string, way: Way): Variant => ({
      id: way.id,
      group,
      target: way.target ?? target,
      baseline: way.id === NEW_SERIAL,
      control: way.id === KEPT,
      headline: way.id === KEPT,
      parameters: { limit: way.limit },
      strategy: way.strategy,
      jobs: requests,
      limit: way.limit,
      connections: way.connections,
      estimateMs: Math.ceil(requests / way.limit) * (delayMs + 2),
      open: (target) =>
        openCrawl(target, {
          requests,
          delayMs,
          connections: way.connections.opened > 0 ? 0 : way.connections.used,
          dispatcher: way.dispatcher?.(target) ?? createPool(target, way.connections.used),
          ...(way.request === undefined ? {} : { request: way.request }),
        }),
    });
    return [
      ...waysOfHttp(workload).map((way) => variant('HTTP', 'http', way)),
      ...waysOfHttp(workload).map((way) => variant('TLS', 'https', way)),
      variant('TLS', 'https', wayOfHttp2(workload)),
    ];
  },
  charts: [
    { kind: 'speedup', view: 'http', groups: ['HTTP'], says: ({ own }) => findingOf(own)?.headline ?? '' },
    { kind: 'speedup', view: 'tls', groups: ['TLS'], says: ({ own }) => findingOf(own)?.headline ?? '' },
  ],
  finding: ({ own }) => findingOf(own),
});

const NEW_SERIAL = 'new for each';
const KEPT = 'one kept';

function waysOfHttp({ requests, atOnce }: ConnectionsWorkload): Way[] {
  // With pipelining 0, undici closes a connection after each answer.
  const closing = (connections: number) => (target: SampleTarget) =>
    new Pool(target.origin, { connections, pipelining: 0, ...connectionOptions(target) });
  const fresh = { used: requests, opened: requests };
  return [
    { id: NEW_SERIAL, strategy: serial, limit: 1, connections: fresh, dispatcher: closing(1) },
    { id: 'one kept, cold', strategy: serial, limit: 1, connections: { used: 1, opened: 1 } },
    { id: KEPT, strategy: serial, limit: 1, connections: { used: 1, opened: 0 } },
    {
      id: `new for each @${atOnce}`,
      strategy: semaphore(atOnce),
      limit: atOnce,
      connections: fresh,
      dispatcher: closing(atOnce),
    },
    {
      id: `pool@${atOnce}, cold`,
      strategy: semaphore(atOnce),
      limit: atOnce,
      connections: { used: atOnce, opened: atOnce },
    },
    {
      id: `pool@${atOnce}`,
      strategy: semaphore(atOnce),
      limit: atOnce,
      connections: { used: atOnce, opened: 0 },
    },
    {
      id: `pipelined@${atOnce}`,
      // The client itself limits the requests in flight to its pipelining depth.
      strategy: promiseAll,
      limit: atOnce,
      connections: { used: 1, opened: 0 },
      dispatcher: (target) => new Client(target.origin, { pipelining: atOnce, ...connectionOptions(target) }),
      request: { blocking: false },
    },
  ];
}

function wayOfHttp2({ atOnce }: ConnectionsWorkload): Way {
  return {
    id: `HTTP/2@${atOnce}`,
    target: 'http2',
    strategy: semaphore(atOnce),
    limit: atOnce,
    connections: { used: 1, opened: 0 },
    dispatcher: (target) =>
      new Client(target.origin, { maxConcurrentStreams: atOnce, ...connectionOptions(target, true) }),
  };
}

/** One protocol's rows: one kept connection, and a pool of kept connections. */
interface Kept {
  readonly group: string;
  readonly one: Row;
  readonly pool: Row;
}

function keptIn([group, rows]: [string, Row[]]): Kept[] {
  const one = rows.find(({ variant }) => variant === KEPT);
  const pool = rows.find(({ variant }) => /^pool@\d+$/.test(variant));
  return one === undefined || pool === undefined ? [] : [{ group, one, pool }];
}

function findingOf(rows: readonly Row[]): Finding | null {
  const groups = [...Map.groupBy(rows, ({ group }) => group)]
    .flatMap(keptIn)
    .filter(({ one }) => judge(one).verdict !== 'unproven');
  if (groups.length === 0) return null;
  const faster = groups.filter(({ one }) => judge(one).verdict === 'faster');
  const gains = faster.map(({ group, one }) => `${formatRatio(one.speedup.value)} as fast over ${group}`);
  return {
    headline:
      faster.length === 0
        ? `Keeping connections open gains nothing measurable over ${listOf(groups.map(({ group }) => group))}.`
        : `Keep connections open: that alone is ${listOf(gains)}.`,
    short:
      faster.length === 0
        ? 'kept connections gain nothing measurable'
        : `kept connections: ${gains.join(', ').replaceAll(' as fast', '')}`,
    details: groups.map(detailOf),
  };
}

function detailOf({ group, one, pool }: Kept): string {
  const alone = formatRatio(pool.speedup.value / one.speedup.value);
  const by = judge(pool).verdict === 'faster' ? `, ${alone} of it by concurrency` : '';
  return (
    `${group}: one kept connection is ${speedText(one)}. ` +
    `A pool of ${pool.target.connections} is ${speedText(pool)}${by}.`
  );
}
