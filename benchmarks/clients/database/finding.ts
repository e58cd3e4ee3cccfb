/** The finding of the database experiment. */
import { plain } from '../../../harness/findings/general.ts';
import { fasterRows, judge } from '../../../harness/findings/judge.ts';
import { batchesPerSecond, type GroupKnee, groupKnee } from '../../../harness/findings/knees.ts';
import { commonMetric, metricValue } from '../../../harness/findings/metrics.ts';
import { formatShare, ratioWithInterval } from '../../../harness/findings/numbers.ts';
import { joinParts, speedText } from '../../../harness/findings/wording.ts';
import type { Finding } from '../../../harness/model/finding.ts';
import type { Row } from '../../../harness/model/row.ts';

// The kinds of queries; each is a group of rows.
export const WAITING = 'waiting';
export const READING = 'indexed read';
export const COMPUTING = 'CPU work';
export const CONTENDED = 'one row';
export const SQLITE = 'SQLite';

/** Short names of the groups. */
const SHORT: Readonly<Record<string, string>> = {
  [WAITING]: 'waiting',
  [READING]: 'read',
  [COMPUTING]: 'CPU',
  [CONTENDED]: 'one row',
};

/** More connections are worthwhile while each step gains this share of throughput. */
const GAIN = 0.05;
const CPU = commonMetric('cpuMs');

/** The pool size to stop at for each kind of query, the effect of pipelining, and the gain of SQLite. */
export function findingOfDatabase(rows: readonly Row[]): Finding | null {
  const knees = kneesOf(rows);
  if (knees.length === 0) return null;
  if (!knees.some(({ helps }) => helps))
    return plain(
      'No pool size gained a measurable 5 % of throughput.',
      'no pool size gained a measurable 5 %',
    );
  const sizes = knees.map(
    ({ group, knee, isLargest }) => `${group} ${knee.limit}${isLargest ? ' or more' : ''}`,
  );
  const short = knees.map(
    ({ group, knee, isLargest }) => `${SHORT[group]} ${knee.limit}${isLargest ? '+' : ''}`,
  );
  return {
    headline: `Pool size to stop at: ${sizes.join(', ')}.`,
    short: short.join(', '),
    details: [detailOfKnees(knees), detailOfPipelining(rows), detailOfSqlite(rows)].filter(
      (detail) => detail !== '',
    ),
  };
}

/** The speedup of a pool for queries that only wait. */
export function fastestWaiting(rows: readonly Row[]): string {
  const pools = rows.filter((row) => row.group === WAITING && !row.baseline);
  if (pools.every((row) => judge(row).verdict === 'unproven')) return '';
  const [fastest] = fasterRows(pools);
  return fastest === undefined
    ? 'No pool is proven to be faster than one query after the other.'
    : `Queries that only wait: ${fastest.variant} is ${speedText(fastest)}.`;
}

function kneesOf(rows: readonly Row[]): GroupKnee[] {
  const sizeOf = ({ parameters }: Row) => Number(parameters.connections);
  return [WAITING, READING, COMPUTING, CONTENDED].flatMap((group) => {
    const pools = rows.filter((row) => row.group === group && row.parameters.connections !== undefined);
    return groupKnee(group, pools, { limitOf: sizeOf, perSecondOf: batchesPerSecond, gain: GAIN }) ?? [];
  });
}

/** The gain of a pool at its knee, and the client's share of CPU time. */
function detailOfKnees(knees: readonly GroupKnee[]): string {
  const [first] = knees;
  const largest = knees.find(({ isLargest }) => isLargest)?.knee.limit;
  const busy = knees.map(({ row }) => metricValue(row, CPU) / row.medianMs);
  const most = Math.max(...busy);
  const busiest = knees[busy.indexOf(most)]!.group;
  return joinParts([
    `No larger pool gains ${formatShare(GAIN)}${largest === undefined ? '' : ` (${largest} is the largest tested)`}.`,
    `For ${first!.group}, ${first!.row.variant} is ${speedText(first!.row)}.`,
    `The client is busiest with ${busiest}: ${formatShare(most)} of the time on the CPU.`,
  ]);
}

/** The effect of pipelining on busy connections, compared with a pool of as many connections. */
function detailOfPipelining(rows: readonly Row[]): string {
  const sentences = [WAITING, READING].map((group) => {
    const members = rows.filter((row) => row.group === group);
    const own = members
      .filter(({ parameters }) => parameters.pipelined !== undefined)
      .toSorted((one, other) => Number(other.parameters.pipelined) - Number(one.parameters.pipelined))[0];
    const pool = members.find(({ parameters }) => parameters.connections === own?.parameters.pipelined);
    if (own === undefined || pool === undefined) return '';
    return `For ${group}, ${own.variant}, which pipelines, is ${speedText(own)}. The pool ${pool.variant} is ${speedText(pool)}.`;
  });
  return joinParts(sentences);
}

/** A control: no strategy can speed up blocking calls. */
function detailOfSqlite(rows: readonly Row[]): string {
  const row = rows.find(({ group, baseline }) => group === SQLITE && !baseline);
  if (row === undefined) return '';
  const { verdict, ratio } = judge(row);
  if (verdict === 'unproven') return '';
  const times = ratioWithInterval(ratio);
  if (verdict !== 'faster')
    return `SQLite, whose calls block, gains nothing measurable from Promise.all: ${times}.`;
  return ratio.low! > 1 + GAIN
    ? `SQLite, whose calls block, was faster with Promise.all, which should not be: ${times}.`
    : `SQLite, whose calls block, gains little from Promise.all: ${times}.`;
}
