import type { Figure, Row, Series } from '../../model.ts';

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
