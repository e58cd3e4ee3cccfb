import { finishedRounds } from '../findings/finished.ts';
import type { RunRecord } from '../record/schema.ts';
import type { Summary } from './summary.ts';
import { joinNames } from './text.ts';

/** Sentences about rows that a report leaves out, or has in part only, with the reason; in the order of the records. */
export function gapsOf(summary: Summary, records: readonly RunRecord[]): string[] {
  return summary.experiments.flatMap(({ id, status, reason, rows }, index) => {
    const record = records[index]!;
    const why = `since it ${status === 'skipped' ? 'was skipped' : 'errored'}: ${reason}`;
    if (rows.length === 0) return [`${id} is left out, ${why}`];
    const lost = record.variants.flatMap(({ group, id: variant, error }) => {
      if (error === undefined) return [];
      const whole = rows.every((row) => row.variant !== variant || row.group !== group);
      const name = joinNames([id, group, variant], '/');
      return [`${name} ${whole ? 'is left out' : 'lacks rounds'}, since it errored: ${error}`];
    });
    const rounds = finishedRounds(record).length;
    return [...(status === 'ok' ? [] : [`${id} has ${rounds} of ${record.rounds} rounds, ${why}`]), ...lost];
  });
}
