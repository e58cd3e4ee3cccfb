import { mean, median, sampleStandardDeviation } from 'simple-statistics';
import type { Row } from '../model/row.ts';
import type { RunRecord } from '../record/schema.ts';
import { timesOf } from './finished.ts';
import type { Summary } from './summary.ts';
import { csvSummary } from './table.ts';
import { joinNames } from './text.ts';

/** A run as another tool reads it. */
export type Exporter = (summary: Summary, records: readonly RunRecord[]) => string;

/** By the names of the tools that read them; github-action-benchmark has two of its own, `tool: custom…IsBetter`. */
const EXPORTERS = {
  bencher,
  benchstat,
  customBiggerIsBetter,
  customSmallerIsBetter,
  hyperfine,
  csv: csvSummary,
} as const satisfies Readonly<Record<string, Exporter>>;

/** Other names for the same. */
const OTHER_NAMES: Readonly<Record<string, keyof typeof EXPORTERS>> = {
  // Speedups carry from one of its machines to the next, and times do not.
  'github-action-benchmark': 'customBiggerIsBetter',
  'github-speedups': 'customBiggerIsBetter',
  'github-times': 'customSmallerIsBetter',
  go: 'benchstat',
};

/** What a run can be exported to. */
export const EXPORT_FORMATS: readonly string[] = [...Object.keys(EXPORTERS), ...Object.keys(OTHER_NAMES)];

/** The exporter of a format, in capitals or not; undefined where there is none. */
export function exporterOf(format: string): Exporter | undefined {
  const name = EXPORT_FORMATS.find((known) => known.toLowerCase() === format.toLowerCase());
  if (name === undefined) return undefined;
  return EXPORTERS[OTHER_NAMES[name] ?? (name as keyof typeof EXPORTERS)];
}

/** Every row with its experiment, named as in `crawl/semaphore@100`. */
function namedRows(summary: Summary): { name: string; row: Row }[] {
  return summary.experiments.flatMap(({ id, rows }) =>
    rows.map((row) => ({ name: joinNames([id, row.group, row.variant], '/'), row })),
  );
}

/** github-action-benchmark, tool `customBiggerIsBetter`: an entry for each speedup. */
function customBiggerIsBetter(summary: Summary): string {
  const entries = namedRows(summary)
    .filter(({ row }) => !row.baseline)
    .map(({ name, row: { speedup } }) => ({
      name,
      unit: 'times',
      value: speedup.value,
      ...rangeOf(speedup),
    }));
  return lines(entries);
}

/** github-action-benchmark, tool `customSmallerIsBetter`: an entry for each time. */
function customSmallerIsBetter(summary: Summary): string {
  return lines(
    namedRows(summary).map(({ name, row }) => ({
      name,
      unit: 'ms',
      value: row.medianMs,
      ...rangeOf(row.time),
    })),
  );
}

function rangeOf({ low, high }: Row['speedup']): { range?: string } {
  return low === null || high === null ? {} : { range: `${low.toPrecision(6)} to ${high.toPrecision(6)}` };
}

/** Bencher Metric Format: `latency` in ns and `speedup`, each with the ends of its interval. */
function bencher(summary: Summary): string {
  const metric = ({ value, low, high }: Row['speedup'], unit = 1) => ({
    value: value * unit,
    ...(low === null || high === null ? {} : { lower_value: low * unit, upper_value: high * unit }),
  });
  const entries = namedRows(summary).map(({ name, row }) => [
    name,
    { latency: metric(row.time, 1e6), ...(row.baseline ? {} : { speedup: metric(row.speedup) }) },
  ]);
  return lines(Object.fromEntries(entries));
}

/** Go's benchmark format, as benchstat reads it: a line for each round. Names begin with a capital there, and have no blanks. */
function benchstat(_summary: Summary, records: readonly RunRecord[]): string {
  const headOf = ({ os, cpu }: RunRecord['environment']) =>
    [`goos: ${os.platform}`, `goarch: ${os.arch}`, `cpu: ${cpu.model}`].join('\n');
  const heads = records.map(({ environment }) => headOf(environment));
  const body = records.flatMap((record, index) => [
    // It holds for all lines below it, until another does.
    ...(index > 0 && heads[index] === heads[index - 1] ? [] : [heads[index]!]),
    ...timesOf(record).flatMap(({ variant: { id, group }, times }) => {
      const path = joinNames([record.experiment.id, group, id], '/').replace(/\s+/g, '_');
      const name = `Benchmark${path[0]!.toUpperCase()}${path.slice(1)}`;
      return times.map((ms) => `${name} 1 ${Math.round(ms * 1e6)} ns/op`);
    }),
  ]);
  return `${body.join('\n')}\n`;
}

/** The JSON of hyperfine's --export-json; times in s. */
function hyperfine(_summary: Summary, records: readonly RunRecord[]): string {
  const results = records.flatMap((record) =>
    timesOf(record)
      .filter(({ times }) => times.length > 0)
      .map(({ variant: { id, group }, times }) => {
        const seconds = times.map((ms) => ms / 1000);
        return {
          command: joinNames([record.experiment.id, group, id], '/'),
          mean: mean(seconds),
          stddev: seconds.length > 1 ? sampleStandardDeviation(seconds) : null,
          median: median(seconds),
          min: Math.min(...seconds),
          max: Math.max(...seconds),
          times: seconds,
        };
      }),
  );
  return lines({ results });
}

function lines(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
