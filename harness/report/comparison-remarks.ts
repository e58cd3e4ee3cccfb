import type { Comparison } from './comparison.ts';
import { verdictCounts } from './verdicts.ts';

/** What stands below the tables of a comparison, one remark each. */
export function remarksOn({ rows, onlyBefore, onlyAfter, warnings, margin, again }: Comparison): string[] {
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
    ...(onlyBefore.length === 0 ? [] : [`Only before: ${onlyBefore.join('; ')}.`]),
    ...(onlyAfter.length === 0 ? [] : [`Only now: ${onlyAfter.join('; ')}.`]),
  ];
}
