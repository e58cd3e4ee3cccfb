import { clamp, type LimitRule, type LimitStep } from './rule.ts';

/** What was decided from the windows before. */
interface Decided {
  /** With a fraction, so that small limits grow slowly, too. */
  readonly limit: number;
  /** The mean latency without a queue, and its standard error; 0 if unknown. */
  readonly baselineMs: number;
  readonly baselineErrorMs: number;
  /** The mean of the last window, and by which share means differ from one window to the next: what all answers share. */
  readonly lastMs: number;
  readonly roughness: number;
  /** The share by which the limit grows next. It doubles while no queue is met. */
  readonly growth: number;
  /** While a lower limit empties the queue to measure the baseline: the limit before; 0 otherwise. */
  readonly drainedFrom: number;
  readonly windowsUntilDrain: number;
  /** The last large cut, until a window says whether there was a queue: without one, latency does not fall. */
  readonly cut: { readonly from: number; readonly meanMs: number } | null;
  /** Drops were met above this limit, which holds for some windows; Infinity without drops. */
  readonly ceiling: number;
  readonly ceilingWindows: number;
  readonly ceilingWindowsLeft: number;
  /** The limit at the first of some drops, and how many came before a window ended. */
  readonly droppedAt: number;
  readonly drops: number;
}

/** What {@link knee} remembers: its decisions, and the answers of the present window. */
export interface KneeState {
  readonly decided: Decided;
  /** Only tasks that started since then count, since the others have met an earlier limit. */
  readonly sinceMs: number;
  readonly count: number;
  readonly sumMs: number;
  readonly sumOfSquares: number;
}

/** Found by a search over simulated schedules: `studies/adaptive/tune-knee.ts`. */
export const KNEE = {
  initial: 10,
  /** A window ends after this share of the limit in answers; with noise later, but at the latest after `mostWindows`. */
  windowShare: 0.53,
  mostWindows: 1.1,
  leastAnswers: 4,
  /** A mean is precise if its standard error is below this share of it. */
  preciseShare: 0.048,
  /** Latency above the baseline by this share, and by `errors` standard errors, is a queue. */
  tolerance: 0.14,
  errors: 2.7,
  /** How much of the newest difference between windows counts, up to `mostRough`, and for how much in the uncertainty. */
  roughShare: 0.39,
  mostRough: 0.34,
  rough: 1,
  /** A cut leaves this share above what is served, and spares this part of the uncertainty. */
  headroom: 0.13,
  spared: 0.8,
  /** A mean below the baseline by this many errors replaces it. */
  lowerErrors: 3.1,
  growth: 0.12,
  mostGrowth: 0.5,
  drain: 0.83,
  drainEvery: 50,
  largeCut: 0.9,
  /** What the first drop leaves of the limit, and one near a known ceiling. */
  backoff: 0.74,
  backoffAgain: 0.9,
  ceilingShare: 0.94,
  nearCeiling: 1.1,
  ceilingWindows: 8,
  mostCeilingWindows: 59,
};

/**
 * Looks for the smallest limit past which more tasks in flight only wait longer.
 *
 * - It compares the mean latency of a window with a baseline. A queue makes it longer in proportion to the limit, so one
 *   step finds the limit without a queue: `limit * baseline / mean`.
 * - Without a queue it grows, by twice the share each time.
 * - A change counts only if it exceeds the standard errors of both means, and what all answers of a time share: by how much means differ
 *   from one window to the next. So noise, and a busy machine, move it little.
 * - A large cut is a trial: if latency stays as it was, there was no queue, and what had risen is the baseline.
 * - From time to time a lower limit empties the queue, and the baseline is measured anew.
 * - A drop lowers the limit at once, each further one closes its place, and for some windows the limit stays below.
 */
export function knee({ min = 1, max = 1000 }: { min?: number; max?: number } = {}): LimitRule<KneeState> {
  const open = (before: Decided, change: Partial<Decided>, nowMs: number): LimitStep<KneeState> => {
    const next = { ...before, drops: 0, ...change };
    const decided = { ...next, limit: clamp(next.limit, min, max) };
    return {
      limit: Math.floor(decided.limit),
      state: { decided, sinceMs: nowMs, count: 0, sumMs: 0, sumOfSquares: 0 },
    };
  };

  const grown = ({ limit, growth, ceiling, ceilingWindowsLeft }: Decided): Partial<Decided> => {
    const free = limit + Math.max(1, limit * growth);
    const faster = Math.min(KNEE.mostGrowth, growth * 2);
    if (free <= ceiling) return { limit: free, growth: faster };
    if (ceilingWindowsLeft <= 0) return { limit: free, growth: faster, ceiling: free };
    return {
      ...{ limit: Math.max(limit, ceiling), growth: KNEE.growth },
      ceilingWindowsLeft: ceilingWindowsLeft - 1,
    };
  };

  const decide = (before: Decided, meanMs: number, errorMs: number): Partial<Decided> => {
    const { limit, baselineMs, baselineErrorMs, drainedFrom, windowsUntilDrain, cut } = before;
    const measured = { baselineMs: meanMs, baselineErrorMs: errorMs };
    if (baselineMs === 0) return { ...grown(before), ...measured };
    const drainLater = { windowsUntilDrain: windowsUntilDrain - 1 };
    const uncertainMs =
      KNEE.errors * Math.hypot(errorMs, baselineErrorMs) + KNEE.rough * before.roughness * baselineMs;
    if (drainedFrom > 0) {
      const baseline =
        Math.abs(meanMs - baselineMs) > uncertainMs ? measured : blended(before, meanMs, errorMs);
      const again = { drainedFrom: 0, windowsUntilDrain: KNEE.drainEvery, growth: KNEE.growth };
      return { ...baseline, ...again, limit: drainedFrom };
    }
    if (cut !== null) {
      const fell = meanMs <= (baselineMs + cut.meanMs) / 2;
      return fell ? { cut: null } : { ...measured, limit: cut.from, cut: null, growth: KNEE.growth };
    }
    if (meanMs - baselineMs > Math.max(KNEE.tolerance * baselineMs, uncertainMs)) {
      const served = (limit * baselineMs) / (meanMs - KNEE.spared * uncertainMs);
      const next = served * (1 + KNEE.headroom) + 0.5;
      const trial = next < limit * KNEE.largeCut ? { from: limit, meanMs } : null;
      // A queue explains the drops, if there were any, and latency tells of the next one.
      return {
        ...drainLater,
        limit: next,
        cut: trial,
        growth: KNEE.growth,
        ceiling: Number.POSITIVE_INFINITY,
      };
    }
    const lower = meanMs < baselineMs - KNEE.lowerErrors * errorMs ? measured : {};
    if (windowsUntilDrain <= 0 && limit > min + 1)
      return { ...lower, drainedFrom: limit, limit: limit * KNEE.drain };
    return { ...lower, ...drainLater, ...grown(before) };
  };

  /** What is decided, from a mean whose roughness is known. */
  const judge = (before: Decided, meanMs: number, errorMs: number): Partial<Decided> => {
    const { lastMs, roughness } = before;
    const newest = lastMs === 0 ? 0 : Math.min(KNEE.mostRough, Math.abs(meanMs / lastMs - 1));
    const rough = roughness + (newest - roughness) * KNEE.roughShare;
    const known = { lastMs: meanMs, roughness: rough };
    return { ...decide({ ...before, ...known }, meanMs, errorMs), ...known };
  };

  const dropped = (
    { limit, ceiling, ceilingWindows, drops }: Decided,
    inFlight: number,
  ): Partial<Decided> => {
    const at = clamp(inFlight, limit / 2, limit);
    const again = at <= ceiling * KNEE.nearCeiling && ceiling < max;
    const longer = drops > 0 ? ceilingWindows : Math.min(KNEE.mostCeilingWindows, ceilingWindows * 2);
    const windows = again ? longer : KNEE.ceilingWindows;
    return {
      limit: again ? Math.min(at, ceiling) * KNEE.backoffAgain : at * KNEE.backoff,
      ...{ ceiling: at * KNEE.ceilingShare, ceilingWindows: windows, ceilingWindowsLeft: windows },
      ...{ growth: KNEE.growth, drainedFrom: 0, cut: null, droppedAt: at, drops: 1 },
    };
  };

  const start: Decided = {
    ...{ limit: KNEE.initial, baselineMs: 0, baselineErrorMs: 0, growth: KNEE.mostGrowth, drainedFrom: 0 },
    ...{ windowsUntilDrain: KNEE.drainEvery, cut: null, ceiling: Number.POSITIVE_INFINITY },
    ...{ lastMs: 0, roughness: 0 },
    ...{ ceilingWindows: KNEE.ceilingWindows, ceilingWindowsLeft: 0, droppedAt: 0, drops: 0 },
  };
  return {
    start: open(start, {}, Number.NEGATIVE_INFINITY),
    heedsDrops: true,
    next(before, { latencyMs, inFlight, dropped: isDrop, nowMs }) {
      const { decided, sinceMs } = before;
      const stay = (state: KneeState) => ({ limit: Math.floor(state.decided.limit), state });
      const isOld = nowMs - latencyMs < sinceMs;
      if (isDrop && !isOld) return open(decided, dropped(decided, inFlight), nowMs);
      if (isDrop) {
        // Its place closes: if a target refuses some of many at once, it takes the others.
        const drops = decided.drops + 1;
        const limit = clamp(Math.min(decided.limit, decided.droppedAt - drops), min, max);
        return stay(decided.drops === 0 ? before : { ...before, decided: { ...decided, limit, drops } });
      }
      if (isOld || !(latencyMs >= 0)) return stay(before);
      const count = before.count + 1;
      const sumMs = before.sumMs + latencyMs;
      const sumOfSquares = before.sumOfSquares + latencyMs ** 2;
      const state = { decided, sinceMs, count, sumMs, sumOfSquares };
      if (count < Math.max(KNEE.leastAnswers, decided.limit * KNEE.windowShare)) return stay(state);
      const meanMs = sumMs / count;
      const errorMs = Math.sqrt(Math.max(0, sumOfSquares / count - meanMs ** 2) / count);
      if (errorMs > meanMs * KNEE.preciseShare && count < decided.limit * KNEE.mostWindows)
        return stay(state);
      // With less than half in flight, latency says nothing of the limit.
      return open(decided, inFlight * 2 < decided.limit ? {} : judge(decided, meanMs, errorMs), nowMs);
    },
  };
}

/** The baseline and another mean of it, weighted by their precision. */
function blended(
  { baselineMs, baselineErrorMs }: Decided,
  meanMs: number,
  errorMs: number,
): Partial<Decided> {
  const [own, other] = [errorMs ** 2, baselineErrorMs ** 2];
  if (own + other === 0) return { baselineMs: meanMs };
  const sum = own + other;
  return {
    baselineMs: (meanMs * other + baselineMs * own) / sum,
    baselineErrorMs: Math.sqrt((own * other) / sum),
  };
}
