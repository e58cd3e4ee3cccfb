/**
 * Limits a run to some rows, by an environment variable: `compare` measures rows that it has no verdict on. An older commit
 * would refuse an option; it ignores the variable and measures all rows.
 */
import type { VariantName } from './round-entries.ts';

const VARIABLE = 'OVERLAP_ROWS';

/** A row of a run. */
export interface ChosenRow {
  /** The experiment's id. */
  readonly experiment: string;
  readonly group: string;
  /** The variant's id. */
  readonly variant: string;
}

/** The variables of a process that measures these rows only; all rows if null. */
export function rowVariables(rows: readonly ChosenRow[] | null): Readonly<Record<string, string>> {
  const plain = rows?.map(({ experiment, group, variant }) => ({ experiment, group, variant }));
  return { [VARIABLE]: plain === undefined ? '' : JSON.stringify(plain) };
}

/**
 * The rows that this process was asked to measure; null means all rows.
 *
 * @param given the variables of this process; replaced in tests only
 * @throws one sentence if the variable holds something else
 */
export function chosenRows(
  given: Readonly<Record<string, string | undefined>> = process.env,
): readonly ChosenRow[] | null {
  const text = given[VARIABLE] ?? '';
  if (text === '') return null;
  try {
    const rows: unknown = JSON.parse(text);
    if (Array.isArray(rows) && rows.every(isRow)) return rows;
  } catch {
    // The sentence below tells.
  }
  throw new Error(
    `${VARIABLE} must be a JSON list of rows, each with experiment, group and variant, as compare sets it; unset it.`,
  );
}

function isRow(value: unknown): value is ChosenRow {
  const { experiment, group, variant } = (value ?? {}) as Partial<Record<keyof ChosenRow, unknown>>;
  return [experiment, group, variant].every((name) => typeof name === 'string');
}

/** Whether a variant of an experiment is among the rows; each variant is if `rows` is null. */
export function isChosen(
  rows: readonly ChosenRow[] | null,
  experiment: string,
  { group, id }: VariantName,
): boolean {
  return (
    rows === null ||
    rows.some((row) => row.experiment === experiment && row.group === group && row.variant === id)
  );
}
