import type { RunRecord } from '../../record/schema.ts';
import { createPositions } from '../plan/round-entries.ts';

/**
 * Joins runs of one round each into one record per experiment; the n-th run becomes round n.
 *
 * @param runs the first has all rows; later ones may lack experiments and rows, which then have fewer rounds
 */
export function joinRounds(runs: readonly (readonly RunRecord[])[]): RunRecord[] {
  const all = runs.flatMap((records, index) => records.map((record) => ({ record, round: index + 1 })));
  return [...Map.groupBy(all, ({ record }) => record.experiment.id).values()].map(joinExperiment);
}

/** The rounds of one experiment, in their order. */
type Rounds = readonly { readonly record: RunRecord; readonly round: number }[];

function joinExperiment(rounds: Rounds): RunRecord {
  const { record } = rounds[0]!;
  const positionOf = createPositions(record.experiment.id, record.variants);
  const positions = rounds.map(({ record: { variants } }) => variants.map(positionOf));
  const hasOthers = rounds.some(({ record: { variants } }, index) =>
    variants.some(({ repeats }, at) => repeats !== record.variants[positions[index]![at]!]!.repeats),
  );
  return {
    ...record,
    ...(hasOthers ? { otherRepeats: true as const } : {}),
    // Sentences about one round need not hold for all rounds.
    words: null,
    rounds: rounds.length,
    variants: record.variants.map((variant, index) => ({
      ...variant,
      rounds: positions.filter((present) => present.includes(index)).length,
    })),
    samples: rounds.flatMap(({ record: { samples }, round }, index) =>
      samples.map((sample) => ({ ...sample, round, variant: positions[index]![sample.variant]! })),
    ),
  };
}
