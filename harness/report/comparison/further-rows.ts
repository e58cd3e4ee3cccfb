/** The rows that further rounds measure. */
import type { RecordedVariant, RunRecord } from '../../record/schema.ts';
import { nameOf, type RowPlace } from './compared-rows.ts';

/** The rows that a round measures, and their experiments. */
export interface Further {
  readonly names: readonly string[];
  readonly rows: readonly RowPlace[];
}

/**
 * These rows with the A/A pairs of their groups, without which a round could not be trusted. A pair also holds the results of
 * a row against those of another one.
 *
 * @param records of the rounds so far, of either side
 */
export function withControls(rows: readonly RowPlace[], records: readonly RunRecord[]): Further {
  return withOthers(rows, records, ({ control }) => control);
}

/** These rows with the A/A pairs and the baselines of their groups, for speedups. */
export function withBaselines(rows: readonly RowPlace[], records: readonly RunRecord[]): Further {
  return withOthers(rows, records, ({ baseline, control }) => baseline || control);
}

function withOthers(
  rows: readonly RowPlace[],
  records: readonly RunRecord[],
  isWanted: (variant: RecordedVariant) => boolean,
): Further {
  const others = records.flatMap(({ experiment: { id: experiment }, variants }) =>
    variants
      .filter(isWanted)
      .map(({ group, id }): RowPlace => ({ experiment, group, variant: id }))
      .filter(({ group }) => rows.some((row) => row.experiment === experiment && row.group === group)),
  );
  const each = new Map([...rows, ...others].map((row) => [nameOf(row), row]));
  return { names: [...new Set(rows.map(({ experiment }) => experiment))], rows: [...each.values()] };
}
