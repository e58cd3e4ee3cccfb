import type { Comparison } from './comparison.ts';
import { type Lacking, unfinishedLines } from './left-out.ts';
import { verdictCounts } from './verdicts.ts';

/** What stands below the tables of a comparison, one remark each. */
export function remarksOn({ rows, lacking, warnings, margin, again }: Comparison): string[] {
  const verdicts = verdictCounts(rows).map(({ verdict, count }) => `${count} ${verdict}`);
  return [
    `Of ${rows.length} rows, ${verdicts.join(', ')}, at a margin of ${(margin * 100).toFixed(0)} %.`,
    ...(again === null || again.confirmed.length === 0
      ? []
      : [`Regressed again when measured again: ${again.confirmed.join('; ')}.`]),
    ...(again === null || again.refuted.length === 0
      ? []
      : [`Regressed at first, and not when measured again: ${again.refuted.join('; ')}.`]),
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...unfinishedLines(lacking),
    ...lackingLines(lacking.after, 'now', 'Only before'),
    ...lackingLines(lacking.before, 'before', 'Only now'),
  ];
}

/** What a run lacks: whole experiments are counted, since each has dozens of rows. */
function lackingLines({ notRun, rows }: Lacking, when: string, elsewhere: string): string[] {
  const counted = notRun.length === 1 ? '1 experiment was' : `${notRun.length} experiments were`;
  return [
    ...(notRun.length === 0 ? [] : [`${counted} not run ${when}: ${notRun.join(', ')}.`]),
    ...(rows.length === 0 ? [] : [`${elsewhere}: ${rows.join('; ')}.`]),
  ];
}
