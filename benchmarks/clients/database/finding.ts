/** What the rows of the database experiment say. */
import { judge } from '../../../harness/findings/judge.ts';
import { commonMetric, metricValue } from '../../../harness/findings/metrics.ts';
import { formatRatio, formatShare, ratioWithInterval } from '../../../harness/findings/numbers.ts';
import { joinParts, listOf, speedText } from '../../../harness/findings/wording.ts';
import type { Finding } from '../../../harness/model/finding.ts';
import type { Row } from '../../../harness/model/row.ts';
import { type Knee, kneeOf } from '../../../harness/statistics/knee.ts';

// The kinds of queries, each a group of rows.
export const WAITING = 'waiting';
export const READING = 'indexed read';
export const COMPUTING = 'CPU work';
export const CONTENDED = 'one row';
export const SQLITE = 'SQLite';

/** A pool is worth more connections while each step gains so much throughput. */
const GAIN = 0.05;
const CPU = commonMetric('cpuMs');

/** Which pool size is enough for each kind of query, what a client that pipelines changes, and what SQLite gains. */
export function findingOfDatabase(rows: readonly Row[]): Finding | null {
  const knees = kneesOf(rows);
  if (knees.length === 0) return null;
  const sizes = knees.map(({ group, knee, isLargest }) => `${group} ${knee.limit}${isLargest ? '+' : ''}`);
  return {
    headline: `Past this pool size no larger one gains ${formatShare(GAIN)}: ${listOf(sizes)}.`,
    short: sizes.join(', '),
    details: [detailOfKnees(knees), detailOfPipelining(rows), detailOfSqlite(rows)].filter(
      (detail) => detail !== '',
    ),
  };
}

/** What a pool makes of queries that only wait. */
export function fastestWaiting(rows: readonly Row[]): string {
  const [fastest] = rows
    .filter((row) => row.group === WAITING && !row.baseline && judge(row).verdict === 'faster')
    .toSorted((one, other) => other.speedup.value - one.speedup.value);
  return fastest === undefined
    ? 'No pool is faster than one query after the other.'
    : `${fastest.variant} answers queries that only wait ${speedText(fastest)} as serial.`;
}

/** How many connections a kind of query is worth. */
interface KneeOfPools {
  readonly group: string;
  readonly knee: Knee;
  /** The row at the knee. */
  readonly row: Row;
  /** Whether a larger one might have gained more. */
  readonly isLargest: boolean;
}

function kneesOf(rows: readonly Row[]): KneeOfPools[] {
  return [WAITING, READING, COMPUTING, CONTENDED].flatMap((group) => {
    const members = rows.filter((row) => row.group === group && row.parameters.connections !== undefined);
    return members.length === 0 ? [] : [kneeOfPools(group, members)];
  });
}

function kneeOfPools(group: string, rows: readonly Row[]): KneeOfPools {
  const sizeOf = (row: Row) => Number(row.parameters.connections);
  const knee = kneeOf(
    rows.map((row) => ({ limit: sizeOf(row), time: row.time })),
    GAIN,
  );
  const row = rows.find((member) => sizeOf(member) === knee.limit)!;
  return { group, knee, row, isLargest: knee.limit === Math.max(...rows.map(sizeOf)) };
}

/** What the pools at the knees gain, and what keeps them from more. */
function detailOfKnees(knees: readonly KneeOfPools[]): string {
  const largest = knees.some(({ isLargest }) => isLargest) ? '+: the largest tested. ' : '';
  const [first] = knees;
  const busy = knees.map(({ row }) => metricValue(row, CPU) / row.medianMs);
  const most = Math.max(...busy);
  const busiest = knees[busy.indexOf(most)]!.group;
  return joinParts([
    `${largest}For ${first!.group}, ${first!.row.variant} is ${speedText(first!.row)}.`,
    `The client's thread is busiest with ${busiest}: ${formatShare(most)} of the time.`,
  ]);
}

/** What it does to send a query to a connection that is busy, beside a pool of as many connections. */
function detailOfPipelining(rows: readonly Row[]): string {
  const pairs = [WAITING, READING].flatMap((group) => {
    const members = rows.filter((row) => row.group === group);
    const own = members
      .filter(({ parameters }) => parameters.pipelined !== undefined)
      .toSorted((one, other) => Number(other.parameters.pipelined) - Number(one.parameters.pipelined))[0];
    const pool = members.find(({ parameters }) => parameters.connections === own?.parameters.pipelined);
    return own === undefined || pool === undefined ? [] : [{ group, own, pool }];
  });
  if (pairs.length === 0) return '';
  const parts = pairs.map(
    ({ group, own, pool }) =>
      `${formatRatio(own.speedup.value)} for ${group} (${pool.variant}: ${formatRatio(pool.speedup.value)})`,
  );
  return `Beside serial, ${pairs[0]!.own.variant}, which pipelines, reaches ${listOf(parts)}.`;
}

/** Calls that block gain nothing, however they are scheduled: a control. */
function detailOfSqlite(rows: readonly Row[]): string {
  const row = rows.find(({ group, baseline }) => group === SQLITE && !baseline);
  if (row === undefined) return '';
  const { low } = row.speedup;
  return low !== null && low > 1 + GAIN
    ? `SQLite, whose calls block, was faster with Promise.all, which should not be: ${ratioWithInterval(row.speedup)}.`
    : `SQLite, whose calls block, gains nothing by Promise.all: ${ratioWithInterval(row.speedup)}.`;
}
