import type { Schedule, Scheduled } from './schedule.ts';

/** What `GET /stats` tells of a schedule. */
export interface ScheduleNow {
  /** The time since the first request after the last reset; null before it. */
  readonly elapsedMs: number | null;
  /** Null without a limit. */
  readonly capacity: number | null;
  readonly latencyFactor: number;
  /** Null without a limit. */
  readonly rate: number | null;
  /** Null for no faults. */
  readonly fault: string | null;
}

/** What `GET /trace` tells of a schedule. */
export interface ScheduleTrace extends Pick<Schedule, 'steps' | 'repeatMs'> {
  /** When it began, on the clock of the requests; null before the first request. */
  readonly startedMs: number | null;
}

/** Plays a schedule from the first request on. */
export interface Scheduler {
  /** Called for each request, before it is treated. */
  arrived(): void;
  /** Goes back to the beginning, and waits for the next request. */
  reset(): void;
  now(): ScheduleNow;
  trace(): ScheduleTrace;
}

/** A timer of Node holds no longer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * @param apply gets the values at once, and whenever they change: at their time, even if no request comes
 */
export function createScheduler(schedule: Schedule, apply: (values: Scheduled) => void): Scheduler {
  let startedMs: number | null = null;
  let nextMs = Number.POSITIVE_INFINITY;
  let timer: NodeJS.Timeout | undefined;
  const update = () => {
    clearTimeout(timer);
    const elapsedMs = startedMs === null ? 0 : performance.now() - startedMs;
    apply(schedule.at(elapsedMs));
    nextMs = startedMs === null ? Number.POSITIVE_INFINITY : startedMs + schedule.nextChangeMs(elapsedMs);
    if (nextMs === Number.POSITIVE_INFINITY) return;
    // Rounded up: a timer that comes early would find nothing changed.
    timer = setTimeout(update, Math.min(MAX_TIMER_MS, Math.ceil(nextMs - performance.now())));
    timer.unref();
  };
  update();
  return {
    arrived() {
      const nowMs = performance.now();
      if (startedMs !== null && nowMs < nextMs) return;
      startedMs ??= nowMs;
      update();
    },
    reset() {
      startedMs = null;
      update();
    },
    now() {
      const elapsedMs = startedMs === null ? null : performance.now() - startedMs;
      const { capacity, latencyFactor, rate, fault } = schedule.at(elapsedMs ?? 0);
      return {
        elapsedMs,
        capacity: Number.isFinite(capacity) ? capacity : null,
        latencyFactor,
        rate: Number.isFinite(rate) ? rate : null,
        fault: fault ?? null,
      };
    },
    trace: () => ({ startedMs, steps: schedule.steps, repeatMs: schedule.repeatMs }),
  };
}
