import { median } from 'simple-statistics';
import type { Sample } from '../../record/schema.ts';
import { createPositions, type RoundEntry } from './round-entries.ts';
import type { CompleteVariant } from './variants.ts';

/** Estimates of how long samples take. */
export interface Estimates {
  learn(sample: Pick<Sample, 'variant' | 'wallMs'>): void;
  /** The estimated time for one run of each of these entries, in ms. */
  sumMs(entries: readonly RoundEntry[]): number;
}

/** Estimates by the medians so far, or by the expectations that the variants declare. */
export function createEstimates(
  experimentId: string,
  variants: readonly Pick<CompleteVariant, 'group' | 'id' | 'estimateMs'>[],
): Estimates {
  const positionOf = createPositions(experimentId, variants);
  const seenMs = variants.map((): number[] => []);
  const estimateMs = (variant: number) => {
    const times = seenMs[variant]!;
    return times.length === 0 ? variants[variant]!.estimateMs : median(times);
  };
  return {
    learn: ({ variant, wallMs }) => void seenMs[variant]!.push(wallMs),
    sumMs: (entries) => entries.reduce((sum, entry) => sum + estimateMs(positionOf(entry)), 0),
  };
}
