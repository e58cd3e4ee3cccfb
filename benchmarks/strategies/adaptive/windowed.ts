import { clamp, type LimitRule } from './rule.ts';

/** The settings of {@link windowed}; each default is the published one. */
export interface WindowSettings {
  readonly minMs?: number;
  readonly maxMs?: number;
  readonly leastSamples?: number;
  /** Faster answers are left out. */
  readonly leastLatencyMs?: number;
}

/** The samples of a window that is open, and the state of the rule that it feeds. */
export interface WindowState<State> {
  readonly inner: State;
  readonly limit: number;
  /** The first sample after this ends the window. */
  readonly endsMs: number;
  readonly count: number;
  /** Answers that were not dropped, which alone have a latency. */
  readonly answers: number;
  readonly sumMs: number;
  readonly leastMs: number;
  readonly peakInFlight: number;
  readonly dropped: boolean;
}

/**
 * Feeds a rule one sample a window: the mean latency, the most in flight, and whether anything was dropped. A window lasts
 * twice its least latency, within bounds; by default both are 1 s.
 *
 * The rule and its defaults are those of Netflix/concurrency-limits 0.5.4, `limit/WindowedLimit.java` and
 * `limit/window/ImmutableAverageSampleWindow.java`.
 */
export function windowed<State>(
  rule: LimitRule<State>,
  { minMs = 1000, maxMs = 1000, leastSamples = 10, leastLatencyMs = 0.1 }: WindowSettings = {},
): LimitRule<WindowState<State>> {
  const empty = { count: 0, answers: 0, sumMs: 0, leastMs: maxMs, peakInFlight: 0, dropped: false };
  const step = (state: WindowState<State>) => ({ limit: state.limit, state });
  return {
    start: step({ ...empty, inner: rule.start.state, limit: rule.start.limit, endsMs: 0 }),
    heedsDrops: rule.heedsDrops,
    next(before, { latencyMs, inFlight, dropped, nowMs }) {
      if (!dropped && latencyMs < leastLatencyMs) return step(before);
      const state = {
        ...before,
        count: before.count + 1,
        answers: before.answers + (dropped ? 0 : 1),
        sumMs: before.sumMs + (dropped ? 0 : latencyMs),
        leastMs: dropped ? before.leastMs : Math.min(before.leastMs, latencyMs),
        peakInFlight: Math.max(before.peakInFlight, inFlight),
        dropped: before.dropped || dropped,
      };
      if (nowMs <= before.endsMs) return step(state);
      const endsMs = nowMs + clamp(state.leastMs * 2, minMs, maxMs);
      const next = { ...empty, inner: before.inner, limit: before.limit, endsMs };
      if (state.count < leastSamples) return step(next);
      const { limit, state: inner } = rule.next(before.inner, {
        latencyMs: state.answers === 0 ? 0 : state.sumMs / state.answers,
        inFlight: state.peakInFlight,
        dropped: state.dropped,
        nowMs,
      });
      return step({ ...next, inner, limit });
    },
  };
}
