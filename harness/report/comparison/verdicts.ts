/** Queries about the verdicts of a comparison. */
import { nameOf } from './compared-rows.ts';
import type { ComparedRow, Comparison, RowVerdict } from './comparison.ts';

/**
 * The comparison after its regressions were measured again: a regression that was not repeated is not confirmed.
 *
 * @param second the second measurement of at least the regressed rows, with the same margin
 */
export function confirm(first: Comparison, second: Comparison): Comparison {
  const secondRows = new Map(second.rows.map((row) => [nameOf(row), row]));
  const rows = first.rows.map((row): ComparedRow => {
    if (row.verdict !== 'regressed') return row;
    const again = secondRows.get(nameOf(row));
    const verdict = again?.verdict === 'regressed' ? 'regressed' : 'not confirmed';
    return { ...row, verdict, ...(again === undefined ? {} : { again }) };
  });
  const namesOf = (verdict: RowVerdict) => rows.filter((row) => row.verdict === verdict).map(nameOf);
  const known = first.warnings.map(({ what }) => what);
  const newWarnings = second.warnings.filter(({ what }) => !known.includes(what));
  return {
    ...first,
    rows,
    warnings: [
      ...first.warnings,
      ...newWarnings.map(({ what, remedy }) => ({ what: `When measured again: ${what}`, remedy })),
    ],
    again: { confirmed: namesOf('regressed'), refuted: namesOf('not confirmed') },
  };
}

/** The experiments in which a row regressed. */
export function regressedExperiments({ rows }: Comparison): string[] {
  return [
    ...new Set(rows.filter(({ verdict }) => verdict === 'regressed').map(({ experiment }) => experiment)),
  ];
}

/** Whether an experiment of either run errored, so that the comparison is incomplete. */
export function hasErrored({ lacking }: Comparison): boolean {
  return [lacking.before, lacking.after].some(({ unfinished }) =>
    unfinished.some(({ status }) => status === 'errored'),
  );
}

/** Whether all verdicts are decided, so that more rounds change nothing. */
export function isDecided({ rows }: Comparison): boolean {
  return rows.every(({ verdict }) => verdict !== 'inconclusive' && verdict !== 'not confirmed');
}

/** Whether a row has enough rounds for an interval, which every verdict needs. */
export function isDecidable({ ratio, timeRatio }: ComparedRow): boolean {
  return (timeRatio ?? ratio).low !== null;
}

/** The number of rows per verdict, the worst first. */
export function verdictCounts(rows: readonly ComparedRow[]): { verdict: RowVerdict; count: number }[] {
  return (['regressed', 'not confirmed', 'improved', 'unchanged', 'inconclusive'] as const).map(
    (verdict) => ({
      verdict,
      count: rows.filter((row) => row.verdict === verdict).length,
    }),
  );
}
