import { metricNamed } from '../findings/metrics.ts';
import type { Metric, Row, Unit } from '../model/row.ts';

/** A figure of a row: one of its own fields, or a metric by its name; null where the row has none such. */
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

/** What a figure is counted in; `reader` asks. @throws MetricError where it is a metric that nobody declares */
export function unitOf(figure: string, metrics: readonly Metric[], reader?: string): Unit {
  switch (figure) {
    case 'medianMs':
    case 'boundMs':
      return 'ms';
    case 'efficiency':
      return 'share';
    case 'speedup':
      return 'count';
    default:
      return metricNamed(figure, metrics, reader).unit;
  }
}

/** Rows of the groups that a chart shows. */
export function rowsOf(rows: readonly Row[], groups: readonly string[] | undefined): Row[] {
  return rows.filter(({ group }) => groups?.includes(group) ?? true);
}
