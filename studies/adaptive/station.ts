/** A simulated target whose capacity, latency and rate change, and a client with endless work that sends to it. */
import TinyQueue from 'tinyqueue';
import type { LimitRule } from '../../benchmarks/strategies/adaptive/rule.ts';

/** The target at one time. */
export interface StationState {
  /** Places in service. */
  readonly capacity: number;
  /** Places in the queue; what comes when both are full is refused. */
  readonly queue: number;
  /** How long one request is served, in the mean or the median of its noise. */
  readonly holdMs: number;
  /** The standard deviation of the logarithm of that time; 0 for none. */
  readonly sigma: number;
  /** Requests a second, above which they are refused; Infinity for none. */
  readonly rate: number;
}

/** A simulation. */
export interface StationRun {
  /** The target at a time in ms. It must be the same for the same time. */
  at(ms: number): StationState;
  readonly durationMs: number;
  /** From an answer to the arrival of the next request. */
  readonly pauseMs: number;
  /** Requests at once before the rate applies. */
  readonly burst?: number;
  /** How long a client whose limit does not heed drops leaves the place of a refused request empty. */
  readonly restMs?: number;
  readonly seed?: number;
  /** Called after each answer. */
  watch?(limit: number, inFlight: number, ms: number): void;
}

/** What came of it. */
export interface StationOutcome {
  readonly served: number;
  readonly refused: number;
  /** The last limit. */
  readonly limit: number;
}

interface Event {
  readonly ms: number;
  happen(): void;
}

/** Runs a rule against the station. */
export function simulate<State>(rule: LimitRule<State>, run: StationRun): StationOutcome {
  const { at, durationMs, pauseMs, burst = 10, restMs = 0, seed = 1, watch } = run;
  const events = new TinyQueue<Event>([], (one, other) => one.ms - other.ms);
  const waiting: (() => void)[] = [];
  const random = uniform(seed);
  let { limit, state } = rule.start;
  let [ms, served, refused, active, resting, working] = [0, 0, 0, 0, 0, 0];
  let [tokens, filledMs] = [burst, 0];
  const later = (pause: number, happen: () => void) => events.push({ ms: ms + pause, happen });

  const fillPlaces = () => {
    while (waiting.length > 0 && working < at(ms).capacity) waiting.shift()!();
  };
  const takesToken = () => {
    const { rate } = at(ms);
    if (rate === Number.POSITIVE_INFINITY) return true;
    tokens = Math.min(burst, tokens + ((ms - filledMs) * rate) / 1000);
    filledMs = ms;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
  const end = (startMs: number, inFlight: number, dropped: boolean) => {
    active -= 1;
    if (dropped) refused += 1;
    else served += 1;
    ({ limit, state } = rule.next(state, { latencyMs: ms - startMs, inFlight, dropped, nowMs: ms }));
    if (dropped && !rule.heedsDrops && restMs > 0) {
      resting += 1;
      later(restMs, () => {
        resting -= 1;
        send();
      });
    }
    watch?.(limit, active, ms);
    send();
  };
  const arrive = (startMs: number, inFlight: number) => {
    const { capacity, queue } = at(ms);
    if (!takesToken() || (working >= capacity && waiting.length >= queue))
      return later(pauseMs / 2, () => end(startMs, inFlight, true));
    waiting.push(() => {
      working += 1;
      const { holdMs, sigma } = at(ms);
      later(holdMs * Math.exp(sigma * normal(random)), () => {
        working -= 1;
        later(pauseMs / 2, () => end(startMs, inFlight, false));
        fillPlaces();
      });
    });
    fillPlaces();
  };
  const send = () => {
    while (active + resting < limit) {
      active += 1;
      const [startMs, inFlight] = [ms, active];
      later(pauseMs / 2, () => arrive(startMs, inFlight));
    }
  };
  // More places come without a request.
  for (let tick = 0; tick <= durationMs; tick += 1) events.push({ ms: tick, happen: fillPlaces });
  send();
  for (let next = events.pop(); next !== undefined && next.ms <= durationMs; next = events.pop()) {
    ms = next.ms;
    next.happen();
  }
  return { served, refused, limit };
}

/** The generator mulberry32 (Tommy Ettinger, public domain). */
function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A standard normal number, by Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
