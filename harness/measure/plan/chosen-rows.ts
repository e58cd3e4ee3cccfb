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
  /** How often it runs within a round; as declared if left out. */
  readonly repeats?: number;
}

/** The variables of a process that measures these rows only; all rows if null. */
export function rowVariables(rows: readonly ChosenRow[] | null): Readonly<Record<string, string>> {
  const plain = rows?.map(({ experiment, group, variant, repeats }) => ({
    experiment,
    group,
    variant,
    repeats,
  }));
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
  const { experiment, group, variant, repeats } = (value ?? {}) as Partial<Record<keyof ChosenRow, unknown>>;
  const isWhole = repeats === undefined || (Number.isInteger(repeats) && Number(repeats) >= 1);
  return isWhole && [experiment, group, variant].every((name) => typeof name === 'string');
}

/** A variant, and how often it runs within a round. */
type Repeated = VariantName & { readonly repeats?: number | undefined };

/** The variants of an experiment that are among the rows, with the repeats asked for; all variants if `rows` is null. */
export function chooseVariants<Variant extends Repeated>(
  rows: readonly ChosenRow[] | null,
  experiment: string,
  variants: readonly Variant[],
): Variant[] {
  if (rows === null) return [...variants];
  return variants.flatMap((variant) => {
    const row = rowOf(rows, experiment, variant);
    return row === undefined
      ? []
      : [row.repeats === undefined ? variant : { ...variant, repeats: row.repeats }];
  });
}

/** Whether the variants of an experiment are among the rows, with the repeats asked for. */
export function areChosen(
  rows: readonly ChosenRow[],
  experiment: string,
  variants: readonly Repeated[],
): boolean {
  return variants.every((variant) => {
    const row = rowOf(rows, experiment, variant);
    return row !== undefined && (row.repeats === undefined || row.repeats === (variant.repeats ?? 1));
  });
}

function rowOf(
  rows: readonly ChosenRow[],
  experiment: string,
  { group, id }: VariantName,
): ChosenRow | undefined {
  return rows.find((row) => row.experiment === experiment && row.group === group && row.variant === id);
}
