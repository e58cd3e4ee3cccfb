import type { ExportFormat } from '../export-formats.ts';
import { jsonText, namedRows, rangeOf } from '../exported-rows.ts';
import type { Summary } from '../summary.ts';

/** github-action-benchmark, tool `customSmallerIsBetter`: an entry for each time. */
function customSmallerIsBetter(summary: Summary): string {
  return jsonText(
    namedRows(summary).map(({ name, row }) => ({
      name,
      unit: 'ms',
      value: row.medianMs,
      ...rangeOf(row.time),
    })),
  );
}

export default {
  names: ['customSmallerIsBetter', 'github-times'],
  help: 'times for github-action-benchmark',
  export: customSmallerIsBetter,
} satisfies ExportFormat;
