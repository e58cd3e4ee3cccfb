import { clamp, type LimitRule } from './rule.ts';

/** The settings of {@link aimd}; each default is the published one. */
export interface AimdSettings {
  readonly initial?: number;
  readonly min?: number;
  readonly max?: number;
  /** What a drop leaves of the limit, as a share. */
  readonly backoff?: number;
  /** A slower answer counts as a drop. */
  readonly timeoutMs?: number;
}

/**
 * Additive increase, multiplicative decrease: 1 more for an answer while at least half of the limit is in flight; a tenth
 * less for each drop.
 *
 * The rule and its defaults are those of Netflix/concurrency-limits 0.5.4, `limit/AIMDLimit.java`.
 */
export function aimd({
  initial = 20,
  min = 20,
  max = 200,
  backoff = 0.9,
  timeoutMs = 5000,
}: AimdSettings = {}): LimitRule<number> {
  const step = (limit: number) => ({ limit, state: limit });
  return {
    start: step(clamp(initial, min, max)),
    heedsDrops: true,
    next(limit, { latencyMs, inFlight, dropped }) {
      if (dropped || latencyMs > timeoutMs) return step(clamp(Math.floor(limit * backoff), min, max));
      return step(inFlight * 2 >= limit ? clamp(limit + 1, min, max) : limit);
    },
  };
}
