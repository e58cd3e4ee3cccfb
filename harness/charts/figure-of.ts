import type { Row } from '../model/row.ts';

/** A figure of a row: a field, or a metric by its name; null if the row does not have it. */
export function figureOf(row: Row, figure: string): number | null {
  switch (figure) {
    case 'medianMs':
      return row.medianMs;
    case 'boundMs':
      return row.boundMs;
    case 'efficiency':
      return row.efficiency;
    case 'speedup':
      return row.sameWork ? row.speedup.value : null;
    default:
      return row.metrics[figure] ?? null;
  }
}

/** The rows of the groups that a chart shows. */
export function rowsOf(rows: readonly Row[], groups: readonly string[] | undefined): Row[] {
  return rows.filter(({ group }) => groups?.includes(group) ?? true);
}
