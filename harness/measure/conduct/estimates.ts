import { median } from 'simple-statistics';
import type { Sample } from '../../record/schema.ts';
import type { CompleteVariant, RoundEntry } from '../plan/catalog.ts';

/** How long samples take, as far as that is known. */
export interface Estimates {
  learn(sample: Pick<Sample, 'variant' | 'wallMs'>): void;
  /** Of one run of each of these entries, in ms. */
  sumMs(entries: readonly RoundEntry[]): number;
}

/** The medians so far, or what the variants themselves expect. */
export function createEstimates(variants: readonly CompleteVariant[]): Estimates {
  const seenMs = variants.map((): number[] => []);
  const estimateMs = (variant: number) => {
    const times = seenMs[variant]!;
    return times.length === 0 ? variants[variant]!.estimateMs : median(times);
  };
  return {
    learn: ({ variant, wallMs }) => void seenMs[variant]!.push(wallMs),
    sumMs: (entries) => entries.reduce((sum, { variant }) => sum + estimateMs(variant), 0),
  };
}
