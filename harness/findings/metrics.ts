/** Reads metrics: an undeclared or missing metric is an error and never a 0. */
import type { Metric, Row, Unit } from '../model/row.ts';
import { formatFigure } from './numbers.ts';

/** An undeclared metric, or one that a row lacks; the message is one sentence for the author of an experiment. */
export class MetricError extends Error {}

/** The metrics of the harness, which every row has. */
export const COMMON_METRICS: readonly Metric[] = [
  { name: 'timePerJobMs', unit: 'ms', better: 'lower' },
  { name: 'cpuMs', unit: 'ms', better: 'lower' },
  { name: 'cpuPerJobMs', unit: 'ms', better: 'lower' },
  { name: 'computeMs', unit: 'ms', better: 'neither' },
  { name: 'taskComputeMs', unit: 'ms', better: 'neither' },
  { name: 'eventLoopUtilization', unit: 'share', better: 'neither' },
  { name: 'jobsPerSecond', unit: 'per second', better: 'higher' },
  { name: 'requestsPerSecond', unit: 'per second', better: 'higher' },
];

/** The fewest values beyond a percentile; with fewer, it is mostly chance. */
const LEAST_BEYOND = 10;

/**
 * A metric by its name, declared by the experiment or by the harness.
 *
 * @param reader the caller's name, for the message
 * @throws MetricError if it is undeclared
 */
export function metricNamed(name: string, declared: readonly Metric[], reader = 'A report'): Metric {
  const metric = [...declared, ...COMMON_METRICS].find((one) => one.name === name);
  if (metric !== undefined) return metric;
  throw new MetricError(
    `${reader} reads the metric ${name}, which is not declared: add it to the metrics of the experiment.`,
  );
}

/** The unit of a figure; `reader` names the caller in errors. @throws MetricError for an undeclared metric */
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

/** A metric of the harness by its name. @throws MetricError if there is no such metric */
export function commonMetric(name: string): Metric {
  return metricNamed(name, []);
}

/** Whether a row has a metric, which other rows of its experiment may lack. */
export function hasMetric({ metrics }: Row, { name }: Metric): boolean {
  return Object.hasOwn(metrics, name);
}

/** The value of a metric in a row, in the metric's unit. @throws MetricError if the row lacks it */
export function metricValue(row: Row, metric: Metric): number {
  const value = row.metrics[metric.name];
  if (value !== undefined) return value;
  throw new MetricError(
    `The row "${row.variant}" has no metric ${metric.name}; it has ${Object.keys(row.metrics).join(', ')}.`,
  );
}

/** A metric of a row, formatted. @throws MetricError if the row lacks it */
export function metricText(row: Row, metric: Metric): string {
  return formatFigure(metric.unit, metricValue(row, metric));
}

/** A metric of a row for a table: a dash if the row lacks it, or has too few values for a percentile. */
export function metricCell(row: Row, metric: Metric): string {
  return hasMetric(row, metric) && isKnown(row, metric) ? metricText(row, metric) : '-';
}

/** Whether a percentile has enough values beyond it; other metrics are always known. */
export function isKnown({ metrics, target }: Row, { percentile }: Metric): boolean {
  if (percentile === undefined) return true;
  const { share, countedBy } = percentile;
  const values = countedBy === 'requests' ? target.requests : metrics[countedBy];
  // In floating point 1000 * (1 - 0.99) is less than 10.
  return values !== undefined && values * (1 - share) > LEAST_BEYOND - 1e-6;
}
