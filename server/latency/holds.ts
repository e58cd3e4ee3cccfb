import TinyQueue from 'tinyqueue';

/**
 * How long before a deadline the timer fires. A Node timer counts whole milliseconds and may fire up to one early or, on
 * a loop that has just woken, one late. From then on the loop turns until the deadline.
 */
const WAKE_EARLY_MS = 2;

/**
 * How many requests one turn of the loop releases. Answers that are due together leave in sequence anyway. Between turns
 * the loop reads new requests, whose hold would otherwise start late.
 */
const RELEASES_PER_TURN = 8;

interface Hold {
  readonly deadlineMs: number;
  release: (() => void) | null;
}

/** Calls each function at its time: never early, and late only while the loop is busy. */
export interface Holds {
  /**
   * Calls `release` once `performance.now()` has reached `deadlineMs`.
   *
   * @returns a function that cancels the hold; after the release it does nothing
   */
  until(deadlineMs: number, release: () => void): () => void;
}

/**
 * Waits as precisely as an event loop can: it sleeps on one timer until shortly before the earliest deadline, then turns
 * the loop until the deadline is reached. Without a deadline soon it uses no CPU.
 */
export function createHolds(): Holds {
  const queue = new TinyQueue<Hold>([], (one, other) => one.deadlineMs - other.deadlineMs);
  let timer: NodeJS.Timeout | undefined;
  let wakesAtMs = Number.POSITIVE_INFINITY;
  let turning = false;

  const forgetCancelled = () => {
    while (queue.peek()?.release === null) queue.pop();
  };

  const releaseDue = () => {
    const nowMs = performance.now();
    for (let released = 0; released < RELEASES_PER_TURN; ) {
      const next = queue.peek();
      if (next === undefined || next.deadlineMs > nowMs) return;
      queue.pop();
      if (next.release === null) continue;
      const { release } = next;
      next.release = null;
      release();
      released += 1;
    }
  };

  const turn = () => {
    releaseDue();
    forgetCancelled();
    turning = false;
    schedule();
  };

  const schedule = () => {
    const next = queue.peek();
    if (turning || next === undefined) return;
    const sleepMs = next.deadlineMs - performance.now() - WAKE_EARLY_MS;
    if (sleepMs < 1) {
      turning = true;
      setImmediate(turn);
    } else if (next.deadlineMs < wakesAtMs) {
      clearTimeout(timer);
      wakesAtMs = next.deadlineMs;
      timer = setTimeout(wake, sleepMs);
    }
  };

  const wake = () => {
    wakesAtMs = Number.POSITIVE_INFINITY;
    forgetCancelled();
    schedule();
  };

  return {
    until(deadlineMs, release) {
      const hold: Hold = { deadlineMs, release };
      queue.push(hold);
      schedule();
      return () => {
        hold.release = null;
        forgetCancelled();
        if (queue.length > 0) return;
        clearTimeout(timer);
        wakesAtMs = Number.POSITIVE_INFINITY;
      };
    },
  };
}
