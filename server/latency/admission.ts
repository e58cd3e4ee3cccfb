/** Limits the requests in service and the requests in the queue. */
export interface Admission {
  /** Whether all places and the whole queue are taken. */
  full(): boolean;
  /** Calls `start` as soon as a place is free: at once, or when other requests have left. Do not call it when full. */
  enter(start: () => void): void;
  /** Frees the place of a started request. */
  leave(): void;
  /** Removes a request from the queue. */
  abandon(start: () => void): void;
  /** The length of the queue. */
  waiting(): number;
  /** Changes how many are in service at once. More start at once; those in service go on. */
  setCapacity(capacity: number): void;
}

/**
 * A station of a queueing model: `capacity` places in service, and a queue of `queue` places in order of arrival.
 *
 * @param given from 1, or Infinity
 * @param queue from 0, or Infinity
 */
export function createAdmission(given: number, queue: number): Admission {
  // A Set keeps the order of arrival and deletes any request in constant time.
  const waiting = new Set<() => void>();
  let capacity = given;
  let working = 0;
  let filling = false;
  /** A loop instead of recursion: a started request may leave at once, and a long queue would overflow the stack. */
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
      if (waiting.size === 0 && working < capacity && !filling) {
        working += 1;
        start();
        return;
      }
      waiting.add(start);
      fillPlaces();
    },
    leave() {
      working -= 1;
      if (waiting.size > 0) fillPlaces();
    },
    abandon: (start) => void waiting.delete(start),
    waiting: () => waiting.size,
    setCapacity(changed) {
      capacity = changed;
      fillPlaces();
    },
  };
}

/** A token bucket: `rate` tokens a second, at most `burst` of them kept. */
export interface TokenBucket {
  /**
   * Takes one token.
   *
   * @param nowMs a clock that never goes back
   * @returns 0, or the ms until the next token
   */
  take(nowMs: number): number;
  /** Changes how many tokens come a second from now on. */
  setRate(rate: number, nowMs: number): void;
}

/** Creates a full bucket. */
export function createTokenBucket(given: number, burst: number): TokenBucket {
  let rate = given;
  let tokens = burst;
  let filledMs = Number.NEGATIVE_INFINITY;
  const fill = (nowMs: number) => {
    if (nowMs <= filledMs) return;
    tokens = Math.min(burst, tokens + ((nowMs - filledMs) * rate) / 1000);
    filledMs = nowMs;
  };
  return {
    take(nowMs) {
      fill(nowMs);
      if (tokens < 1) return ((1 - tokens) / rate) * 1000;
      tokens -= 1;
      return 0;
    },
    setRate(changed, nowMs) {
      fill(nowMs);
      rate = changed;
    },
  };
}
