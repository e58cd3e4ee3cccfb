import { clamp, type LimitRule } from './rule.ts';

/** The settings of {@link gradient2}; each default is the published one. */
export interface Gradient2Settings {
  readonly initial?: number;
  readonly min?: number;
  readonly max?: number;
  /** How much of a new estimate counts. */
  readonly smoothing?: number;
  /** By how many tasks the limit may grow, before smoothing. */
  readonly queueSize?: number;
  /** The exponential mean of the long latency is over this many samples. */
  readonly longWindow?: number;
  /** The short latency may be this many times the long one before the limit falls. */
  readonly tolerance?: number;
}

/** What {@link gradient2} remembers. */
export interface Gradient2State {
  readonly limit: number;
  readonly longMs: number;
  /** How many samples the long latency has, up to those of its warm-up. */
  readonly warmUp: number;
}

/** The first samples make a plain mean. */
const WARM_UP = 10;

/**
 * Compares the latency now with its mean over a long time: the limit shrinks by their ratio, and grows by a queue's size.
 *
 * The rule and its defaults are those of Netflix/concurrency-limits 0.5.4, `limit/Gradient2Limit.java` and
 * `limit/measurement/ExpAvgMeasurement.java`. It is fed by a window, `windowed`.
 */
export function gradient2({
  initial = 20,
  min = 20,
  max = 200,
  smoothing = 0.2,
  queueSize = 4,
  longWindow = 600,
  tolerance = 1.5,
}: Gradient2Settings = {}): LimitRule<Gradient2State> {
  const step = (state: Gradient2State) => ({ limit: Math.floor(state.limit), state });
  return {
    start: step({ limit: clamp(initial, min, max), longMs: 0, warmUp: 0 }),
    heedsDrops: false,
    next(before, { latencyMs, inFlight, dropped }) {
      if (dropped || !(latencyMs > 0)) return step(before);
      const warmUp = Math.min(WARM_UP, before.warmUp + 1);
      const share = before.warmUp < WARM_UP ? 1 / warmUp : 2 / (longWindow + 1);
      const longMs = before.longMs + (latencyMs - before.longMs) * share;
      // After a long time of queues the long latency is too high, and is lowered faster than its mean would be.
      const state = { limit: before.limit, longMs: longMs / latencyMs > 2 ? longMs * 0.95 : longMs, warmUp };
      if (inFlight < before.limit / 2) return step(state);
      const gradient = clamp((tolerance * longMs) / latencyMs, 0.5, 1);
      const grown = before.limit * gradient + queueSize;
      return step({ ...state, limit: clamp(before.limit * (1 - smoothing) + grown * smoothing, min, max) });
    },
  };
}
