/** The meaning of the columns of the page's tables, one or two sentences each. */
import type { Metric, Unit } from '../../model/row.ts';
import type { RowTable } from '../table.ts';

const VARIANT = 'One way to do the work. † marks a peer, and * a warning below the tables.';

/** The columns that every experiment has, by their headings. */
const MAIN: Readonly<Record<string, string>> = {
  variant: VARIANT,
  time: 'Wall time of all the work: the median over the rounds. Lower is better.',
  speedup: 'Time of the baseline divided by the time of this row, round by round. Above 1x is faster.',
  '95 % interval':
    'The true speedup lies in this range with 95 % confidence. A range that contains 1 proves no difference.',
  efficiency:
    'The shortest possible time (the bound) divided by the time. 100 % means that no waiting is left to hide.',
  'in flight': 'The most requests that the target had open at one moment.',
  connections: 'The most connections that the target saw in one round.',
};

const PEERS: Readonly<Record<string, string>> = {
  '† peer': 'A program in another language or runtime. It does the same work in the same rounds.',
  'nearest of ours': 'The row of this project that does the work in the same way.',
  'which is': 'Time of the peer divided by the time of our row. Above 1, our row is faster.',
  '95 % interval':
    'The true ratio lies in this range with 95 % confidence. A range that contains 1 proves no difference.',
};

const UNITS: Readonly<Record<Unit, string>> = {
  ms: 'a time',
  bytes: 'a size in memory',
  share: 'a share',
  'per second': 'per second',
  count: 'a number',
};

const DIRECTIONS: Readonly<Record<Metric['better'], string>> = {
  higher: 'Higher is better.',
  lower: 'Lower is better.',
  neither: 'It describes the row: neither higher nor lower is better.',
};

/** The harness's own metrics, by their names. */
const COMMON: Readonly<Record<string, string>> = {
  timePerJobMs: 'Wall time divided by the number of jobs',
  cpuMs: 'CPU time of the client process',
  cpuPerJobMs: 'CPU time of the client process divided by the number of jobs',
  computeMs: "CPU time of the jobs' own work",
  taskComputeMs: "CPU time of one job's own work",
  eventLoopUtilization: 'Share of the time in which the event loop was busy',
  jobsPerSecond: 'Jobs done per second',
  requestsPerSecond: 'Requests sent per second',
};

/** A column's heading with its meaning. */
export interface Column {
  readonly heading: string;
  readonly meaning: string;
}

/**
 * The meaning of each column of a table, in the order of its headings.
 *
 * @param metrics of the experiment
 * @returns an empty sentence for a heading that is neither a common one nor that of a metric
 */
export function meaningsOf(
  { what, headings }: Pick<RowTable, 'what' | 'headings'>,
  metrics: readonly Metric[],
): Column[] {
  const common = what === 'beside peers' ? PEERS : what === '' ? MAIN : { variant: VARIANT };
  return headings.map((heading) => {
    const metric = metrics.find((one) => (one.heading ?? one.name) === heading);
    return { heading, meaning: common[heading] ?? (metric === undefined ? '' : meaningOfMetric(metric)) };
  });
}

/** The meaning of a metric, its unit, and which direction is better. */
export function meaningOfMetric(metric: Metric): string {
  const { name, unit, better, percentile } = metric;
  const what = COMMON[name] ?? `${wordsOf(name)} (${UNITS[unit]})`;
  const below =
    percentile === undefined
      ? ''
      : ` ${Number((percentile.share * 100).toPrecision(4))} % of the values lie below it.`;
  return `${what}, the median over the rounds.${below} ${DIRECTIONS[better]}`;
}

/** A name as words, without its unit: `requestsDuringWork` is `Requests during work`. */
function wordsOf(name: string): string {
  const words = name
    .replace(/(?:Ms|Bytes|PerSecond|Share)$/, '')
    .replaceAll(/P(\d+)$/g, ' $1th percentile')
    .replaceAll(/(?<=[a-z])(?=[A-Z])/g, ' ')
    .split(' ')
    .map((word) => (/^[A-Z]{2}/.test(word) ? word : word.toLowerCase()))
    .join(' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
