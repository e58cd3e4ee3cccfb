/** What a rule is that sets a limit by what requests meet. */

/** One task that has ended. */
export interface LimitSample {
  /** From its start to its end. */
  readonly latencyMs: number;
  /** How many tasks were in flight when it started, with itself. */
  readonly inFlight: number;
  /** Whether it was refused or failed: its latency is that of a refusal, not of work. */
  readonly dropped: boolean;
  /** When it ended, on a clock that never goes back. */
  readonly nowMs: number;
}

/** A limit in whole tasks, and what the rule remembers. */
export interface LimitStep<State> {
  readonly limit: number;
  readonly state: State;
}

/**
 * A rule: the limit that it starts with, and a pure function from each sample to the next limit.
 *
 * Of the published rules, some are fed the latency of refused requests, which look fast (Netflix/concurrency-limits#176).
 * Here no rule reads the latency of a drop.
 */
export interface LimitRule<State = unknown> {
  readonly start: LimitStep<State>;
  /** Whether a drop lowers the limit. Where it does not, a client has to wait as the target asks. */
  readonly heedsDrops: boolean;
  next(state: State, sample: LimitSample): LimitStep<State>;
}

/** Keeps a number between two others. */
export function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value));
}
