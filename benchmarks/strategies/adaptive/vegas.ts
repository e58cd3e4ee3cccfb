import { clamp, type LimitRule, type LimitStep } from './rule.ts';

/** The settings of {@link vegas}; each default is the published one, but the least limit, which it fixes at 1. */
export interface VegasSettings {
  readonly initial?: number;
  readonly min?: number;
  readonly max?: number;
  /** It forgets the least latency after this many samples for each task of the limit, times 0.5 to 1. */
  readonly probeMultiplier?: number;
  /** Seeds the random part of the above. */
  readonly seed?: number;
}

/** What {@link vegas} remembers. */
export interface VegasState {
  readonly limit: number;
  /** The least latency; 0 before the first sample. */
  readonly baselineMs: number;
  /** Samples since it was last forgotten. */
  readonly samples: number;
  /** 0.5 to 1. */
  readonly jitter: number;
  /** The state of the random generator. */
  readonly random: number;
}

/**
 * Estimates from latency how many tasks are queued, and keeps that number between two small ones, as TCP Vegas does.
 *
 * The rule and its defaults are those of Netflix/concurrency-limits 0.5.4, `limit/VegasLimit.java` and
 * `limit/functions/Log10RootIntFunction.java`, without its smoothing, which is off by default.
 */
export function vegas({
  initial = 20,
  min = 1,
  max = 1000,
  probeMultiplier = 30,
  seed = 1,
}: VegasSettings = {}): LimitRule<VegasState> {
  const step = (state: VegasState): LimitStep<VegasState> => ({ limit: Math.floor(state.limit), state });
  const first = draw(seed);
  return {
    start: step({ limit: clamp(initial, min, max), baselineMs: 0, samples: 0, ...first }),
    heedsDrops: true,
    next(before, { latencyMs, inFlight, dropped }) {
      const change = (by: number) => step({ ...before, samples, limit: clamp(before.limit + by, min, max) });
      const log = Math.max(1, Math.floor(Math.log10(Math.floor(before.limit))));
      const samples = before.samples + 1;
      if (dropped) return change(-log);
      if (!(latencyMs > 0)) return step(before);
      if (before.jitter * probeMultiplier * before.limit <= samples)
        return step({ ...before, ...draw(before.random), baselineMs: latencyMs, samples: 0 });
      if (before.baselineMs === 0 || latencyMs < before.baselineMs)
        return step({ ...before, baselineMs: latencyMs, samples });
      if (inFlight * 2 < before.limit) return change(0);
      const queued = Math.ceil(before.limit * (1 - before.baselineMs / latencyMs));
      if (queued <= log) return change(6 * log);
      if (queued < 3 * log) return change(log);
      return change(queued > 6 * log ? -log : 0);
    },
  };
}

/** A number from 0.5 to 1, and the generator's next state (a linear congruential one, of Numerical Recipes). */
function draw(random: number): Pick<VegasState, 'jitter' | 'random'> {
  const next = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
  return { jitter: 0.5 + next / 2 ** 33, random: next };
}
