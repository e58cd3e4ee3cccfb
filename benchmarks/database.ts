import { availableParallelism } from 'node:os';
import { defineExperiment, type Variant, type Workload } from '../harness/model/experiment.ts';
import type { Bound } from '../harness/model/target.ts';
import { computeBoundMs } from '../harness/statistics/bound.ts';
import {
  COMPUTING,
  CONTENDED,
  fastestWaiting,
  findingOfDatabase,
  READING,
  SQLITE,
  WAITING,
} from './clients/database/finding.ts';
import { openPg } from './clients/database/pg.ts';
import { openPostgres } from './clients/database/postgres.ts';
import {
  computeQuery,
  contendedQuery,
  type Query,
  queryBatch,
  readQuery,
  sleepQuery,
} from './clients/database/queries.ts';
import { openSqlite } from './clients/database/sqlite.ts';
import { promiseAll } from './strategies/promise-all.ts';
import { serial } from './strategies/serial.ts';

interface DatabaseWorkload extends Workload {
  readonly connections: readonly number[];
  /** The numbers of connections of the client that pipelines. */
  readonly pipelined: readonly number[];
  readonly rows: number;
  readonly sleeps: number;
  readonly sleepMs: number;
  readonly reads: number;
  readonly sums: number;
  readonly numbers: number;
  readonly updates: number;
  readonly lockMs: number;
  readonly sqliteReads: number;
}

/** One kind of query, and how many of them a sample runs. */
interface Kind {
  readonly group: string;
  readonly query: Query;
  readonly queries: number;
  /** The estimated time of a query, in ms. */
  readonly queryMs: number;
  readonly bound?: Bound;
}

const SERIAL = 'serial';

export default defineExperiment<DatabaseWorkload>({
  title: 'Database',
  question: 'How many connections should a pool have?',
  brief: 'how large?',
  profiles: {
    smoke: {
      ...{ rounds: 1, warmUpRounds: 0, connections: [1, 5], pipelined: [5], rows: 1000 },
      ...{
        sleeps: 20,
        sleepMs: 2,
        reads: 50,
        sums: 10,
        numbers: 1000,
        updates: 10,
        lockMs: 1,
        sqliteReads: 100,
      },
    },
    quick: {
      ...{
        rounds: 16,
        otherRounds: 6,
        warmUpRounds: 1,
        connections: [1, 2, 5, 20],
        pipelined: [5],
        rows: 100_000,
      },
      ...{ sleeps: 40, sleepMs: 2, reads: 200, sums: 12, numbers: 10_000, updates: 16, lockMs: 2 },
      ...{ sqliteReads: 500 },
    },
    book: {
      ...{ rounds: 7, warmUpRounds: 1, connections: [1, 2, 5, 10, 20, 50, 100], pipelined: [1, 10, 50] },
      ...{ rows: 100_000, sleeps: 500, sleepMs: 10, reads: 5000, sums: 100, numbers: 100_000 },
      ...{ updates: 200, lockMs: 5, sqliteReads: 5000 },
    },
  },
  targets: ({ connections, rows }) => ({
    postgresql: { kind: 'postgresql', rows, connections: Math.max(...connections) },
  }),
  variants(workload) {
    const { sleeps, sleepMs, reads, rows, sums, numbers, updates, lockMs } = workload;
    return [
      ...pools(workload, {
        group: WAITING,
        query: sleepQuery(sleepMs),
        queries: sleeps,
        queryMs: sleepMs + 0.5,
      }),
      ...pools(workload, { group: READING, query: readQuery(rows), queries: reads, queryMs: 0.3 }),
      ...pools(workload, {
        group: COMPUTING,
        query: computeQuery(numbers),
        queries: sums,
        queryMs: numbers / 5000,
      }),
      ...pools(workload, {
        group: CONTENDED,
        query: contendedQuery(lockMs),
        queries: updates,
        queryMs: lockMs + 0.5,
        // The lock admits one query at a time, so all holds add up.
        bound: ({ holds }) => holds.totalMs,
      }),
      ...synchronousReads(workload),
    ];
  },
  metrics: [
    { name: 'jobsPerSecond', unit: 'per second', better: 'higher', heading: 'queries a second' },
    { name: 'cpuPerJobMs', unit: 'ms', better: 'lower', heading: 'CPU a query' },
    { name: 'eventLoopUtilization', unit: 'share', better: 'neither', heading: 'loop busy' },
  ],
  charts: [
    {
      kind: 'lines',
      view: 'throughput',
      says: ({ own }) => findingOfDatabase(own)?.headline ?? '',
      line: 'group',
      groups: [WAITING, READING, COMPUTING, CONTENDED],
      x: { parameter: 'connections', title: 'connections', scale: 'log' },
      left: { title: 'queries a second', scale: 'log' },
      series: [{ figure: 'jobsPerSecond', title: 'queries a second' }],
    },
    { kind: 'speedup', view: 'waiting', groups: [WAITING], says: ({ own }) => fastestWaiting(own) },
  ],
  finding: ({ own }) => findingOfDatabase(own),
});

/** Queries in sequence, pools of each size, and the client that pipelines. */
function pools({ connections, pipelined }: DatabaseWorkload, kind: Kind): Variant[] {
  const { group, query, queries, queryMs, bound } = kind;
  const variant = (
    id: string,
    size: number,
    open: typeof openPg,
    given: Partial<Variant> & Pick<Variant, 'parameters'>,
  ): Variant => ({
    id,
    group,
    headline: size === 5 && open === openPg,
    strategy: promiseAll,
    jobs: queries,
    limit: size,
    connections: { atMost: size, opened: 0 },
    ...(bound === undefined ? {} : { bound }),
    estimateMs: (queries * queryMs) / (group === WAITING ? size : 1) + 20 + 5 * size,
    open: async ({ origin }) => queryBatch(await open(origin, size), query, queries),
    ...given,
  });
  const cores = availableParallelism();
  return [
    variant(SERIAL, 1, openPg, { strategy: serial, baseline: true, parameters: {} }),
    ...connections.map((size) =>
      variant(`pg@${size}`, size, openPg, {
        // Long enough for precise times, and shorter than the baseline.
        control: size === 5,
        parameters: { connections: size, cores },
      }),
    ),
    ...(group === WAITING || group === READING ? pipelined : []).map((size) =>
      variant(`postgres@${size}`, size, openPostgres, { parameters: { pipelined: size } }),
    ),
  ];
}

/** The control, which must gain nothing: no strategy can speed up blocking calls. */
function synchronousReads({ sqliteReads, rows }: DatabaseWorkload): Variant[] {
  const variant = (id: string, strategy: Variant['strategy'], limit: number): Variant => ({
    id,
    group: SQLITE,
    strategy,
    baseline: id === SERIAL,
    parameters: {},
    jobs: sqliteReads,
    limit,
    connections: { used: 0, opened: 0 },
    bound: computeBoundMs,
    served: () => [],
    estimateMs: sqliteReads / 20,
    open: () => openSqlite(sqliteReads, rows),
  });
  return [variant(SERIAL, serial, 1), variant('promise-all', promiseAll, sqliteReads)];
}
