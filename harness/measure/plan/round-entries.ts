import type { RecordedVariant, RunRecord } from '../../record/schema.ts';
import type { CompleteVariant } from './variants.ts';

/** The name of a variant in messages between processes; unique in its experiment. */
export type VariantName = Pick<RecordedVariant, 'group' | 'id'>;

/** One run of a variant within a round. */
export interface RoundEntry extends VariantName {
  /** The second run of a control. */
  readonly twin: boolean;
  /** Which repeat within the round, where it is not the first. */
  readonly repeat?: number;
}

/**
 * The entries of a round: each variant, and each control a second time. Variants with few rounds are only in the first
 * rounds.
 */
export function entriesOf(
  variants: readonly Pick<CompleteVariant, 'group' | 'id' | 'control' | 'warmsUp' | 'rounds' | 'repeats'>[],
  { warmUp, round }: { readonly warmUp: boolean; readonly round: number },
): RoundEntry[] {
  return variants.flatMap(({ group, id, control, warmsUp, rounds, repeats }) => {
    if (warmUp ? !warmsUp : round > rounds) return [];
    const runs = (control ? [false, true] : [false]).map((twin) => ({ group, id, twin }));
    // One run is enough for a warm-up.
    const often = Array.from({ length: warmUp ? 1 : repeats }, (_, index) => index + 1);
    return often.flatMap((repeat) => (repeat === 1 ? runs : runs.map((run) => ({ ...run, repeat }))));
  });
}

/** The entries of a round of a record, without failed rows; the record says how many rounds each row has. */
export function entriesLeft(
  variants: readonly CompleteVariant[],
  record: Pick<RunRecord, 'variants'>,
  round: { readonly warmUp: boolean; readonly round: number },
): RoundEntry[] {
  const left = variants.flatMap((variant, position) => {
    const { error, rounds } = record.variants[position]!;
    return error === undefined ? [{ ...variant, rounds }] : [];
  });
  return entriesOf(left, round);
}

/** A variant's name for people, after the name of its group. */
export function nameOf({ group, id }: VariantName): string {
  return group === '' ? id : `${group} ${id}`;
}

/**
 * Finds variants by their names.
 *
 * @param whose the id of their experiment
 * @returns a function that gives the position of a variant in the list, and throws one sentence for an unknown name
 */
export function createPositions(
  whose: string,
  variants: readonly VariantName[],
): (name: VariantName) => number {
  const keyOf = ({ group, id }: VariantName) => JSON.stringify([group, id]);
  const positions = new Map(variants.map((variant, position) => [keyOf(variant), position]));
  return (name) => {
    const position = positions.get(keyOf(name));
    if (position !== undefined) return position;
    const known = variants.map((variant) => `"${nameOf(variant)}"`).join(', ');
    throw new Error(`${whose} has no variant "${nameOf(name)}"; it has ${known}.`);
  };
}
