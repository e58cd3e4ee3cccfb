import { mean, median, sampleStandardDeviation } from 'simple-statistics';
import { timesOf } from '../../findings/finished.ts';
import type { RunRecord } from '../../record/schema.ts';
import type { ExportFormat } from '../export-formats.ts';
import { jsonText } from '../exported-rows.ts';
import type { Summary } from '../summary.ts';
import { joinNames } from '../text.ts';

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
  return jsonText({ results });
}

export default {
  names: ['hyperfine'],
  help: 'the JSON of its --export-json',
  export: hyperfine,
} satisfies ExportFormat;
