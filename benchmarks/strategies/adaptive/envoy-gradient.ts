import { clamp, type LimitRule } from './rule.ts';

/**
 * The settings of {@link envoyGradient}. Each default is the published one. The two intervals must be
 * set there; those here are of the example in Envoy's documentation.
 */
export interface EnvoySettings {
  readonly min?: number;
  readonly max?: number;
  /** How long latencies are collected for one step of the limit. */
  readonly updateMs?: number;
  /** How long a baseline latency holds. */
  readonly baselineIntervalMs?: number;
  /** By how much of it, as a share, that interval varies at random. */
  readonly jitter?: number;
  /** How many requests measure the baseline, with `min` of them in flight. */
  readonly baselineRequests?: number;
  /** What is added to the baseline, as a share. */
  readonly buffer?: number;
  /** Seeds the random part. */
  readonly seed?: number;
}

/** What {@link envoyGradient} remembers. */
export interface EnvoyState {
  readonly limit: number;
  /** The limit to go on with after the baseline is measured; null while it is not measured. */
  readonly deferred: number | null;
  readonly baselineMs: number;
  /** Requests that started before this are not those of the present measurement. */
  readonly epochMs: number;
  readonly updateAtMs: number;
  readonly baselineAtMs: number;
  readonly latenciesMs: readonly number[];
  /** How many steps in a row ended at the least limit. */
  readonly stepsAtLeast: number;
  readonly random: number;
}

/** This many steps in a row at the least limit say that the baseline is wrong. */
const MOST_STEPS_AT_LEAST = 5;

/**
 * Measures a baseline latency at a very small limit from time to time. In between, the limit follows the ratio of that
 * baseline to the median latency, and its square root is added for bursts.
 *
 * The rule and its defaults are those of envoyproxy/envoy at 054694f,
 * `source/extensions/filters/http/adaptive_concurrency/controller/gradient_controller.cc`. Its timers are looked at when a
 * request ends. A drop is a request that is cancelled there, so nothing is learned of it.
 */
export function envoyGradient({
  min = 3,
  max = 1000,
  updateMs = 100,
  baselineIntervalMs = 60_000,
  jitter = 0.15,
  baselineRequests = 50,
  buffer = 0.25,
  seed = 1,
}: EnvoySettings = {}): LimitRule<EnvoyState> {
  const step = (state: EnvoyState) => ({ limit: state.limit, state });
  const measureBaseline = (state: EnvoyState, nowMs: number): EnvoyState => ({
    ...state,
    limit: min,
    deferred: state.limit,
    epochMs: nowMs,
    latenciesMs: [],
    stepsAtLeast: 0,
  });
  const endBaseline = (state: EnvoyState, deferred: number, nowMs: number): EnvoyState => {
    const random = (Math.imul(state.random, 1_664_525) + 1_013_904_223) >>> 0;
    return {
      ...state,
      limit: deferred,
      deferred: null,
      baselineMs: medianOf(state.latenciesMs),
      latenciesMs: [],
      updateAtMs: nowMs + updateMs,
      baselineAtMs: nowMs + baselineIntervalMs * (1 + (jitter * random) / 2 ** 32),
      random,
    };
  };
  const update = (state: EnvoyState, nowMs: number): EnvoyState => {
    const gradient = clamp((state.baselineMs * (1 + buffer)) / medianOf(state.latenciesMs), 0.5, 2);
    const limit = state.limit * gradient;
    const next = clamp(Math.floor(limit + Math.sqrt(limit)), min, max);
    const stepsAtLeast = next === min && state.limit === min ? state.stepsAtLeast + 1 : 0;
    return { ...state, limit: next, latenciesMs: [], updateAtMs: nowMs + updateMs, stepsAtLeast };
  };
  return {
    start: step({
      ...{ limit: min, deferred: min, baselineMs: 0, epochMs: Number.NEGATIVE_INFINITY },
      ...{ updateAtMs: 0, baselineAtMs: 0, latenciesMs: [], stepsAtLeast: 0, random: seed },
    }),
    heedsDrops: false,
    next(before, { latencyMs, dropped, nowMs }) {
      if (dropped || !(latencyMs > 0) || nowMs - latencyMs < before.epochMs) return step(before);
      const state = { ...before, latenciesMs: [...before.latenciesMs, latencyMs] };
      if (state.deferred !== null)
        return step(
          state.latenciesMs.length < baselineRequests ? state : endBaseline(state, state.deferred, nowMs),
        );
      const updated = nowMs < state.updateAtMs ? state : update(state, nowMs);
      return step(
        nowMs >= state.baselineAtMs || updated.stepsAtLeast >= MOST_STEPS_AT_LEAST
          ? measureBaseline(updated, nowMs)
          : updated,
      );
    },
  };
}

/** The upper median; the original reads it from a histogram. */
function medianOf(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
