/** When something that says nothing counts as hung. A guess of how long it takes has no part in that. */
import { TIME_LIMIT_MS, type VariantFields } from '../../model/experiment.ts';

/** A machine that does something else, too, may take so many times as long. */
const BUSY_FACTOR = 2;
/** For all but a sample itself: its set-up, what the target tells of it, and the putting away. */
const AROUND_SAMPLE_MS = 60_000;

/** How long a sample of a variant may take, in whole ms, on a machine that may be busy. */
export function sampleLimitMs({ timeLimitMs = TIME_LIMIT_MS }: Pick<VariantFields, 'timeLimitMs'>): number {
  // A timer takes no parts of one.
  return Math.ceil(BUSY_FACTOR * timeLimitMs);
}

/**
 * How long the measured process may say nothing, in whole ms. It is more than a peer may take, whose row alone is errored.
 *
 * @param variant whose sample is under way; none while the process gets ready
 */
export function silenceLimitMs(variant?: Pick<VariantFields, 'timeLimitMs'>): number {
  return AROUND_SAMPLE_MS + (variant === undefined ? 0 : sampleLimitMs(variant));
}
