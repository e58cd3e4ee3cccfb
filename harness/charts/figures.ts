import type { Estimate, Row } from '../model/row.ts';
import { joinNames } from '../report/text.ts';
import { timesAsLong } from '../statistics/speedup.ts';
import type { Series } from './fields.ts';
import { figureOf } from './figure-of.ts';
import { PEER_MARK } from './style.ts';

/** The value of a row in a series: the figure, or its ratio to that of another row in the same group. */
export function seriesValue(rows: readonly Row[], row: Row, { figure, relativeTo }: Series): number | null {
  const own = figureOf(row, figure);
  if (relativeTo === undefined || own === null) return own;
  const other = relatedRow(rows, row, relativeTo);
  if (other === undefined) return null;
  if (figure === 'medianMs') return areComparable(row, other) ? timesAsLong(row, other).value : null;
  const unit = figureOf(other, figure);
  return unit === null || unit === 0 ? null : own / unit;
}

/** The 95 % interval of a row's value in a series, or null. */
export function seriesInterval(
  rows: readonly Row[],
  row: Row,
  { figure, relativeTo }: Series,
): { readonly low: number; readonly high: number } | null {
  if (relativeTo === undefined) return intervalOf(estimateOf(row, figure));
  const other = relatedRow(rows, row, relativeTo);
  return figure === 'medianMs' && other !== undefined && other !== row && areComparable(row, other)
    ? intervalOf(timesAsLong(row, other))
    : null;
}

/** Whether two rows of a group do the same work, so that their times are comparable. */
function areComparable(...rows: readonly Row[]): boolean {
  return rows.every(({ sameWork }) => sameWork);
}

/** The value of a row in a series if it took only the time of its bound; null if the bound does not give one. */
export function boundValue(rows: readonly Row[], row: Row, series: Series): number | null {
  const value = seriesValue(rows, row, series);
  if (value === null || row.boundMs === 0) return null;
  if (series.figure === 'medianMs' || series.figure === 'timePerJobMs')
    return (value * row.boundMs) / row.medianMs;
  return series.figure.endsWith('PerSecond') ? (value * row.medianMs) / row.boundMs : null;
}

function estimateOf(row: Row, figure: string): Estimate | undefined {
  if (figure === 'medianMs') return row.time;
  return figure === 'speedup' ? row.speedup : row.metricIntervals[figure];
}

function intervalOf(estimate: Estimate | undefined): { low: number; high: number } | null {
  if (estimate === undefined || estimate.low === null || estimate.high === null) return null;
  return { low: estimate.low, high: estimate.high };
}

/** The row that a series is relative to: in the same group, and also ours or of the same peer. */
function relatedRow(rows: readonly Row[], row: Row, relativeTo: string): Row | undefined {
  return rows.find(
    (one) =>
      one.group === row.group && isOf(one, row) && (one.nearest?.variant ?? one.variant) === relativeTo,
  );
}

/** Whether both rows are ours, or both are of the same peer. */
function isOf(one: Row, other: Row): boolean {
  return one.peer === other.peer;
}

/** The names of rows in a picture, with their groups if there are several. */
export function labelsOf(rows: readonly Row[]): string[] {
  const several = onlyGroupOf(rows) === '';
  return rows.map(
    ({ group, variant, peer }) =>
      joinNames(several ? [group, variant] : [variant], ' ') + (peer === null ? '' : PEER_MARK),
  );
}

/** The group of all rows; empty if there are several groups, or the group has no name. */
function onlyGroupOf(rows: readonly Row[]): string {
  const groups = new Set(rows.map(({ group }) => group));
  return groups.size === 1 ? [...groups][0]! : '';
}

/** A caption's sentence about the only group in a picture; empty if there are several, or the group has no name. */
export function groupSentence(rows: readonly Row[]): string {
  const group = onlyGroupOf(rows);
  return group === '' ? '' : `Group: ${group}.`;
}
