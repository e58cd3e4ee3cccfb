import type { Row } from '../../model/row.ts';
import type { ExportFormat } from '../export-formats.ts';
import { jsonText, namedRows } from '../exported-rows.ts';
import type { Summary } from '../summary.ts';

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
  return jsonText(Object.fromEntries(entries));
}

export default {
  names: ['bencher'],
  help: 'Bencher Metric Format',
  export: bencher,
} satisfies ExportFormat;
