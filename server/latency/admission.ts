/** Lets so many requests in at once, and so many more wait for their turn. */
export interface Admission {
  /** Whether there is room neither to work on one more nor to let it wait. */
  full(): boolean;
  /** Calls `start` as soon as there is room: at once, or when others have left. Not to be called when full. */
  enter(start: () => void): void;
  /** One that was started is done. */
  leave(): void;
  /** One that waits does so no longer. */
  abandon(start: () => void): void;
  /** How many wait. */
  waiting(): number;
}

/**
 * A station of a queueing model: `capacity` places to be worked on, a queue of `queue` places in order of arrival.
 *
 * @param capacity from 1, or Infinity
 * @param queue from 0, or Infinity
 */
export function createAdmission(capacity: number, queue: number): Admission {
  // A Set keeps the order of arrival and forgets any one at once.
  const waiting = new Set<() => void>();
  let working = 0;
  let filling = false;
  /** A loop rather than a call from `leave`: who starts may leave at once, and a long queue would end the stack. */
  const fillPlaces = () => {
    if (filling) return;
    filling = true;
    try {
      for (const next of waiting) {
        if (working >= capacity) break;
        waiting.delete(next);
        working += 1;
        next();
      }
    } finally {
      filling = false;
    }
  };
  return {
    full: () => working >= capacity && waiting.size >= queue,
    enter(start) {
      waiting.add(start);
      fillPlaces();
    },
    leave() {
      working -= 1;
      fillPlaces();
    },
    abandon: (start) => void waiting.delete(start),
    waiting: () => waiting.size,
  };
}

/** A token bucket: `rate` tokens a second, at most `burst` of them kept. */
export interface TokenBucket {
  /**
   * Takes one token.
   *
   * @param nowMs a clock that never goes back
   * @returns 0, or where there is none the ms until there will be
   */
  take(nowMs: number): number;
}

/** Starts full. */
export function createTokenBucket(rate: number, burst: number): TokenBucket {
  let tokens = burst;
  let filledMs = Number.NEGATIVE_INFINITY;
  return {
    take(nowMs) {
      if (nowMs > filledMs) {
        tokens = Math.min(burst, tokens + ((nowMs - filledMs) * rate) / 1000);
        filledMs = nowMs;
      }
      if (tokens < 1) return ((1 - tokens) / rate) * 1000;
      tokens -= 1;
      return 0;
    },
  };
}
