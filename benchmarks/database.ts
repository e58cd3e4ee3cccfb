import { availableParallelism } from 'node:os';
import { type Bound, defineExperiment, type Row, type Variant } from '../harness/model.ts';
import { computeBoundMs } from '../harness/statistics/bound.ts';
import { type Knee, kneeOf } from '../harness/statistics/knee.ts';
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

interface DatabaseWorkload {
  readonly rounds: number;
  readonly warmUpRounds: number;
  readonly connections: readonly number[];
  /** With how many connections the second client runs. */
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
  readonly [parameter: string]: number | readonly number[];
}

/** One kind of query, and how it is sent. */
interface Kind {
  readonly group: string;
  readonly query: Query;
  readonly queries: number;
  /** About how long one takes, in ms. */
  readonly queryMs: number;
  readonly bound?: Bound;
}

const WAITING = 'waiting';
const READING = 'indexed read';
const COMPUTING = 'CPU work';
const CONTENDED = 'one row';
const SQLITE = 'SQLite';
const SERIAL = 'serial';
/** A pool is worth more connections while each step gains so much throughput. */
const GAIN = 0.05;
/** Above this share of its time on the CPU, the client is what limits. */
const BUSY_SHARE = 0.8;

export default defineExperiment<DatabaseWorkload>({
  title: 'Database',
  question: 'How many connections should a pool have?',
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
      ...{ rounds: 6, warmUpRounds: 1, connections: [1, 2, 5, 20], pipelined: [5], rows: 100_000 },
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
        // One holds the lock, whoever waits for it.
        bound: ({ holds }) => holds.totalMs,
      }),
      ...synchronousReads(workload),
    ];
  },
  columns: [
    { metric: 'jobsPerSecond', heading: 'queries a second' },
    { metric: 'cpuPerJobMs', heading: 'CPU a query' },
    { metric: 'eventLoopUtilization', heading: 'loop busy' },
  ],
  charts: [
    {
      kind: 'lines',
      view: 'throughput',
      says: (rows) => kneesIn(kneesOfKinds(rows)),
      line: 'group',
      groups: [WAITING, READING, COMPUTING, CONTENDED],
      x: { parameter: 'connections', title: 'connections', scale: 'log' },
      left: { title: 'queries a second', scale: 'log' },
      series: [{ figure: 'jobsPerSecond', title: 'queries a second' }],
    },
    { kind: 'speedup', view: 'waiting', groups: [WAITING], says: fastestWaiting },
  ],
  finding(rows) {
    return [findingOfKnees(kneesOfKinds(rows)), findingOfPipelining(rows), findingOfSqlite(rows)]
      .filter((sentence) => sentence !== '')
      .join(' ');
  },
});

/** One query after the other, pools of each size, and the client that pipelines. */
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
        // Long enough to be told apart, and shorter than the baseline.
        control: size === 5,
        parameters: { connections: size, cores },
      }),
    ),
    ...(group === WAITING || group === READING ? pipelined : []).map((size) =>
      variant(`postgres@${size}`, size, openPostgres, { parameters: { pipelined: size } }),
    ),
  ];
}

/** The control that must gain nothing: calls that block, however they are scheduled. */
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

/** The rows whose number of connections is the question. */
function isPool({ parameters }: Row): boolean {
  return parameters.connections !== undefined;
}

/** How many connections a kind of query is worth. */
interface KneeOfPools {
  readonly group: string;
  readonly knee: Knee;
  /** The row at the knee. */
  readonly row: Row;
  /** Whether more might have gained more. */
  readonly most: boolean;
}

function kneeOfPools(group: string, rows: readonly Row[]): KneeOfPools {
  const sizeOf = (row: Row) => Number(row.parameters.connections);
  const knee = kneeOf(
    rows.map((row) => ({ limit: sizeOf(row), time: row.time })),
    GAIN,
  );
  const row = rows.find((member) => sizeOf(member) === knee.limit)!;
  return { group, knee, row, most: knee.limit === Math.max(...rows.map(sizeOf)) };
}

function kneesOfKinds(rows: readonly Row[]): KneeOfPools[] {
  return [WAITING, READING, COMPUTING, CONTENDED].flatMap((group) => {
    const members = rows.filter((row) => row.group === group && isPool(row));
    return members.length === 0 ? [] : [kneeOfPools(group, members)];
  });
}

function kneesIn(kinds: readonly KneeOfPools[]): string {
  if (kinds.length === 0) return '';
  const knees = kinds.map(
    ({ group, knee, most }) => `${knee.limit} for ${group}${most ? ' (the most that was tried)' : ''}`,
  );
  return `So many connections still gain 5 %: ${knees.join(', ')}.`;
}

/** What the pools make of queries that only wait, and what a client that pipelines makes of them. */
function fastestWaiting(rows: readonly Row[]): string {
  const members = rows.filter((row) => row.group === WAITING && !row.baseline);
  const fastest = (some: readonly Row[]) =>
    some.toSorted((one, other) => other.speedup.value - one.speedup.value)[0];
  const pool = fastest(members.filter(isPool));
  const pipelined = fastest(members.filter((row) => !isPool(row)));
  if (pool === undefined) return '';
  const times = ({ variant, speedup }: Row) =>
    `${variant} takes them ${speedup.value.toFixed(1)} times as fast`;
  return (
    `Of queries that only wait, ${times(pool)} as one after the other` +
    `${pipelined === undefined ? '' : `; by sending them to busy connections, ${times(pipelined)} at best`}.`
  );
}

function findingOfKnees(kinds: readonly KneeOfPools[]): string {
  if (kinds.length === 0) return '';
  const details = kinds.map(
    ({ group, knee, row }) =>
      `${group}: ${row.speedup.value.toFixed(1)} times as fast as one query after the other with ${knee.limit} ` +
      `(${intervalOf(knee)}), ${reasonOf(group, row)}`,
  );
  return `${kneesIn(kinds)} In detail, ${details.join('; ')}.`;
}

/** What limits a group, with the figure that shows it. */
function reasonOf(group: string, { efficiency, metrics, medianMs, parameters }: Row): string {
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  const clientShare = (metrics.cpuMs ?? 0) / medianMs;
  if (group === CONTENDED) return `since one transaction holds the row ${percent(efficiency)} of the time`;
  if (clientShare > BUSY_SHARE)
    return `since the client's one thread is busy ${percent(clientShare)} of the time`;
  if (group === COMPUTING) return `since ${parameters.cores} cores are shared with the database`;
  if (group === WAITING) return `${percent(efficiency)} of what waiting alone allows`;
  return `with the client's thread busy ${percent(clientShare)} of the time`;
}

function intervalOf({ low, high }: Knee): string {
  return low === null || high === null
    ? 'too few rounds for an interval'
    : `95 % interval of their number ${low} to ${high}`;
}

/** What it does to send a query to a connection that is busy, where the most connections are compared with as many of a pool. */
function findingOfPipelining(rows: readonly Row[]): string {
  const pairs = [WAITING, READING].flatMap((group) => {
    const members = rows.filter((row) => row.group === group);
    const own = members
      .filter(({ parameters }) => parameters.pipelined !== undefined)
      .toSorted((one, other) => Number(other.parameters.pipelined) - Number(one.parameters.pipelined))[0];
    const pool = members.find(({ parameters }) => parameters.connections === own?.parameters.pipelined);
    return own === undefined || pool === undefined ? [] : [{ group, own, pool }];
  });
  if (pairs.length === 0) return '';
  const shown = ({ speedup: { value, low, high } }: Row) =>
    low === null || high === null
      ? `${value.toFixed(1)} times`
      : `${value.toFixed(1)} times (${low.toFixed(1)} to ${high.toFixed(1)})`;
  const parts = pairs.map(
    ({ group, own, pool }) => `${group}: ${own.variant} ${shown(own)}, ${pool.variant} ${shown(pool)}`,
  );
  return (
    'A client that pipelines sends queries to a connection that is busy, where they wait for each other; as fast as one ' +
    `query after the other, ${parts.join('; ')}.`
  );
}

function findingOfSqlite(rows: readonly Row[]): string {
  const row = rows.find(({ group, baseline }) => group === SQLITE && !baseline);
  if (row === undefined) return '';
  const { value, low, high } = row.speedup;
  if (low === null || high === null) return 'Whether SQLite gains by Promise.all: too few rounds to tell.';
  const interval = `${value.toFixed(2)} times as fast, ${low.toFixed(2)} to ${high.toFixed(2)}`;
  return low > 1 + GAIN
    ? `SQLite, whose calls block, was faster by Promise.all (${interval}): that should not be.`
    : `SQLite, whose calls block, gains nothing by Promise.all (${interval}).`;
}
