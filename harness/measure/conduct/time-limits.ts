/** How long a silent process counts as alive. Estimates of its duration do not change these limits. */
import { TIME_LIMIT_MS, type VariantFields } from '../../model/experiment.ts';

/** A machine that is busy with other work may take this many times as long. */
const BUSY_FACTOR = 2;
/** The time for the steps around a sample: set-up, evidence and cleanup. */
const AROUND_SAMPLE_MS = 60_000;

/** The time limit of a variant's sample, in whole ms, on a machine that may be busy. */
export function sampleLimitMs({ timeLimitMs = TIME_LIMIT_MS }: Pick<VariantFields, 'timeLimitMs'>): number {
  // Timers take whole numbers only.
  return Math.ceil(BUSY_FACTOR * timeLimitMs);
}

/**
 * How long the measured process may be silent, in whole ms. The limit exceeds that of a peer: a slow peer must fail only
 * its own row.
 *
 * @param variant the variant of the running sample; undefined while the process gets ready
 */
export function silenceLimitMs(variant?: Pick<VariantFields, 'timeLimitMs'>): number {
  return AROUND_SAMPLE_MS + (variant === undefined ? 0 : sampleLimitMs(variant));
}
