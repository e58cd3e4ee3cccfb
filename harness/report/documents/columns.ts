/** What stands in the columns of tables, for people who have never seen one. */
import type { Metric, Unit } from '../../model/row.ts';

/** The columns that all experiments share, by their headings. */
export const COMMON_COLUMNS: Readonly<Record<string, string>> = {
  variant: 'The name of the row. † marks a peer, * a row with a warning below the table.',
  time: 'The median time of all rounds.',
  speedup: 'How many times as fast as the baseline of its group, paired by round.',
  '95 % interval': 'Where the true speedup lies, with 95 % confidence.',
  efficiency: 'The bound (the least time that any scheduler could need) divided by the time.',
  'in flight': 'The most requests that the target held at once.',
  connections: 'How many connections the target saw.',
};

const UNITS: Readonly<Record<Unit, string>> = {
  ms: 'time',
  bytes: 'memory',
  share: 'share',
  'per second': 'a second',
  count: 'number',
};

const BETTER: Readonly<Record<Metric['better'], string>> = {
  higher: 'higher is better',
  lower: 'lower is better',
  neither: 'neither is better',
};

/** A metric in a few words, as far as its experiment declares it: `workMs`, time, lower is better. */
export function metricDescription({ name, unit, better, percentile }: Metric): string {
  const share = percentile === undefined ? [] : [`the ${Math.round(percentile.share * 100)}th percentile`];
  return [`\`${name}\``, UNITS[unit], ...share, BETTER[better]].join(', ');
}
