import type { ExportFormat } from '../export-formats.ts';
import { jsonText, namedRows, rangeOf } from '../exported-rows.ts';
import type { Summary } from '../summary.ts';

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
  return jsonText(entries);
}

export default {
  names: [
    'customBiggerIsBetter',
    // Speedups are comparable between GitHub's machines, times are not.
    'github-action-benchmark',
    'github-speedups',
  ],
  help: 'speedups for github-action-benchmark',
  export: customBiggerIsBetter,
} satisfies ExportFormat;
