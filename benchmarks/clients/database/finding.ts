/** What the rows of the database experiment say. */
import type { Row } from '../../../harness/model/row.ts';
import { ratioDigits } from '../../../harness/report/text.ts';
import { type Knee, kneeOf } from '../../../harness/statistics/knee.ts';

// The kinds of queries, each a group of rows.
export const WAITING = 'waiting';
export const READING = 'indexed read';
export const COMPUTING = 'CPU work';
export const CONTENDED = 'one row';
export const SQLITE = 'SQLite';

/** A pool is worth more connections while each step gains so much throughput. */
const GAIN = 0.05;
/** Above this share of its time on the CPU, the client is what limits. */
const BUSY_SHARE = 0.8;

/** All of it, in a few sentences. */
export function findingOfDatabase(rows: readonly Row[]): string {
  return [findingOfKnees(kneesOfKinds(rows)), findingOfPipelining(rows), findingOfSqlite(rows)]
    .filter((sentence) => sentence !== '')
    .join(' ');
}

/** How many connections still gain something, for each kind of query. */
export function mostConnections(rows: readonly Row[]): string {
  return kneesIn(kneesOfKinds(rows));
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
export function fastestWaiting(rows: readonly Row[]): string {
  const members = rows.filter((row) => row.group === WAITING && !row.baseline);
  const fastest = (some: readonly Row[]) =>
    some.toSorted((one, other) => other.speedup.value - one.speedup.value)[0];
  const pool = fastest(members.filter(isPool));
  const pipelined = fastest(members.filter((row) => !isPool(row)));
  if (pool === undefined) return '';
  const times = ({ variant, speedup }: Row) =>
    `${variant} takes them ${ratioDigits(speedup.value)} times as fast`;
  return (
    `Of queries that only wait, ${times(pool)} as one after the other` +
    `${pipelined === undefined ? '' : `; by sending them to busy connections, ${times(pipelined)} at best`}.`
  );
}

function findingOfKnees(kinds: readonly KneeOfPools[]): string {
  if (kinds.length === 0) return '';
  const details = kinds.map(
    ({ group, knee, row }) =>
      `${group}: ${ratioDigits(row.speedup.value)} times as fast as one query after the other with ${knee.limit} ` +
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
      ? `${ratioDigits(value)} times`
      : `${ratioDigits(value)} times (${ratioDigits(low)} to ${ratioDigits(high)})`;
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
  const interval = `${ratioDigits(value)} times as fast, ${ratioDigits(low)} to ${ratioDigits(high)}`;
  return low > 1 + GAIN
    ? `SQLite, whose calls block, was faster by Promise.all (${interval}): that should not be.`
    : `SQLite, whose calls block, gains nothing by Promise.all (${interval}).`;
}
