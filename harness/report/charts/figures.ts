import type { Figure, Row, Series } from '../../model.ts';
import { joinNames } from '../text.ts';
import { PEER_MARK } from './style.ts';

/** A figure of a row: one of its own fields, or a metric by its name; null where the row has none such. */
export function figureOf(row: Row, figure: Figure): number | null {
  switch (figure) {
    case 'medianMs':
      return row.medianMs;
    case 'boundMs':
      return row.boundMs;
    case 'efficiency':
      return row.efficiency;
    case 'speedup':
      return row.speedup.value;
    default:
      return row.metrics[figure] ?? null;
  }
}

/** What a series says of a row: the figure, or its ratio to that of another row in the same group. */
export function seriesValue(rows: readonly Row[], row: Row, { figure, relativeTo }: Series): number | null {
  const own = figureOf(row, figure);
  if (relativeTo === undefined || own === null) return own;
  const other = rows.find(
    (one) =>
      one.group === row.group && isOf(one, row) && (one.nearest?.variant ?? one.variant) === relativeTo,
  );
  const unit = other === undefined ? null : figureOf(other, figure);
  return unit === null || unit === 0 ? null : own / unit;
}

/** Whether both are ours, or of the same peer. */
function isOf(one: Row, other: Row): boolean {
  return one.peer === other.peer && (!one.peer || one.parameters.peer === other.parameters.peer);
}

/** Rows of the groups that a chart shows. */
export function rowsOf(rows: readonly Row[], groups: readonly string[] | undefined): Row[] {
  return rows.filter((row) => groups === undefined || groups.includes(row.group));
}

/** How a picture names these rows: by their groups only where there are several. */
export function labelsOf(rows: readonly Row[]): string[] {
  const several = onlyGroupOf(rows) === '';
  return rows.map(
    ({ group, variant, peer }) =>
      joinNames(several ? [group, variant] : [variant], ' ') + (peer ? PEER_MARK : ''),
  );
}

/** The group that all rows belong to; empty where there are several, or it has no name. */
export function onlyGroupOf(rows: readonly Row[]): string {
  const groups = new Set(rows.map(({ group }) => group));
  return groups.size === 1 ? [...groups][0]! : '';
}
