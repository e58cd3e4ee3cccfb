import { timesOf } from '../../findings/finished.ts';
import type { RunRecord } from '../../record/schema.ts';
import type { ExportFormat } from '../export-formats.ts';
import type { Summary } from '../summary.ts';
import { joinNames } from '../text.ts';

/** Go's benchmark format, as benchstat reads it: a line for each round. Names begin with a capital there, and have no blanks. */
function benchstat(_summary: Summary, records: readonly RunRecord[]): string {
  const headOf = ({ os, cpu }: RunRecord['environment']) =>
    [`goos: ${os.platform}`, `goarch: ${os.arch}`, `cpu: ${cpu.model}`].join('\n');
  const heads = records.map(({ environment }) => headOf(environment));
  const body = records.flatMap((record, index) => [
    // A configuration line applies to all lines below, until the next one.
    ...(index > 0 && heads[index] === heads[index - 1] ? [] : [heads[index]!]),
    ...timesOf(record).flatMap(({ variant: { id, group }, times }) => {
      const path = joinNames([record.experiment.id, group, id], '/').replace(/\s+/g, '_');
      const name = `Benchmark${path[0]!.toUpperCase()}${path.slice(1)}`;
      return times.map((ms) => `${name} 1 ${Math.round(ms * 1e6)} ns/op`);
    }),
  ]);
  return `${body.join('\n')}\n`;
}

export default {
  names: ['benchstat', 'go'],
  help: 'Go benchmark text',
  export: benchstat,
} satisfies ExportFormat;
