/** The changes that adaptive limits are judged on, and what is possible under them. */
import type { BoundInput, TargetOptions } from '../../../harness/model/target.ts';

/** The size of a schedule. */
export interface ScheduleSize {
  /** How long the whole schedule takes. */
  readonly totalMs: number;
  /** How long a request is served, before the schedule changes that. */
  readonly delayMs: number;
}

/** One schedule: a target, and the limit that fits it at each time. */
export interface ChangingTarget {
  readonly options: TargetOptions;
  /** The smallest limit that keeps the target busy, at a time since the first request. */
  limitAt(ms: number): number;
  /** When that limit changes, from 0 on, within the schedule's time. */
  readonly stepsMs: readonly number[];
  /** How many jobs the target can serve in the schedule's time. */
  readonly jobs: number;
  /** The least time for what a sample served. */
  bound(input: BoundInput): number;
}

const CAPACITY = 50;
const QUEUE = 20;
const BURST = 40;

interface Step {
  readonly atMs: number;
  readonly capacity: number;
}

/** The schedules by their names, which are those of their groups. */
export const SCHEDULES: Readonly<Record<string, (size: ScheduleSize) => ChangingTarget>> = {
  capacity: ({ totalMs, delayMs }) =>
    byCapacity({ totalMs, delayMs }, [
      { atMs: 0, capacity: CAPACITY },
      { atMs: totalMs / 3, capacity: 15 },
      { atMs: (totalMs / 3) * 2, capacity: CAPACITY },
    ]),
  latency: ({ totalMs, delayMs }) => {
    const steps = [{ atMs: totalMs / 2, latencyFactor: 2 }];
    return {
      ...byCapacity({ totalMs, delayMs }, [{ atMs: 0, capacity: CAPACITY }]),
      options: { capacity: CAPACITY, queue: QUEUE, schedule: JSON.stringify({ steps }) },
      jobs: Math.floor(((CAPACITY * totalMs) / delayMs) * 0.75 * DONE),
    };
  },
  noise: (size) => {
    const sigma = 0.5;
    const steady = byCapacity(size, [{ atMs: 0, capacity: CAPACITY }]);
    return {
      ...steady,
      options: { capacity: CAPACITY, queue: QUEUE, distribution: 'lognormal', sigma },
      // The mean of a log-normal distribution is exp(sigma² / 2) times its median.
      jobs: Math.floor(steady.jobs / Math.exp(sigma ** 2 / 2)),
    };
  },
  rate: ({ totalMs, delayMs }) => {
    const limit = 20;
    const rate = (limit * 1000) / delayMs;
    const jobs = Math.floor(((rate * totalMs) / 1000) * DONE);
    return {
      options: { capacity: CAPACITY, queue: QUEUE, rate, burst: BURST },
      ...{ limitAt: () => limit, stepsMs: [0], jobs },
      bound: ({ holds, requests }) => Math.max(0, ((requests - BURST) / rate) * 1000) + holds.shortestMs,
    };
  },
  bursts: ({ totalMs, delayMs }) => {
    const repeatMs = totalMs / 6;
    // It may go on after the schedule's time, for slow rows.
    const steps = Array.from({ length: 60 }, (_, index): Step[] => [
      { atMs: index * repeatMs, capacity: CAPACITY },
      { atMs: (index + 0.7) * repeatMs, capacity: CAPACITY / 2 },
    ]).flat();
    return byCapacity({ totalMs, delayMs }, steps);
  },
};

/** The share of what is possible that a batch has, so that it ends near the schedule's end. */
const DONE = 0.95;

/** A target whose capacity alone changes, in steps from 0 on. */
function byCapacity({ totalMs, delayMs }: ScheduleSize, steps: readonly Step[]): ChangingTarget {
  const capacityAt = (ms: number) => steps.findLast(({ atMs }) => atMs <= ms)?.capacity ?? CAPACITY;
  return {
    options: { capacity: steps[0]!.capacity, queue: QUEUE, schedule: JSON.stringify({ steps }) },
    // One more than the places, for the answer that is under way.
    limitAt: (ms) => capacityAt(ms) + 1,
    stepsMs: steps.map(({ atMs }) => atMs).filter((atMs) => atMs < totalMs),
    jobs: Math.floor((placeMsUntil(steps, totalMs) / delayMs) * DONE),
    bound: ({ holds }) => leastTimeFor(steps, holds.totalMs, holds.longestMs),
  };
}

/** The places of a schedule, integrated over its time. */
function placeMsUntil(steps: readonly Step[], untilMs: number): number {
  return steps.reduce((sum, { atMs, capacity }, index) => {
    const endMs = Math.min(untilMs, steps[index + 1]?.atMs ?? untilMs);
    return sum + Math.max(0, endMs - atMs) * capacity;
  }, 0);
}

/** The time in which these places hold requests for that long. Where places go away, requests in service stay to their end. */
function leastTimeFor(steps: readonly Step[], totalMs: number, longestMs: number): number {
  let left = totalMs;
  for (const [index, { atMs, capacity }] of steps.entries()) {
    left -= Math.max(0, (steps[index - 1]?.capacity ?? 0) - capacity) * longestMs;
    const endMs = steps[index + 1]?.atMs ?? Number.POSITIVE_INFINITY;
    if (left <= (endMs - atMs) * capacity) return atMs + Math.max(0, left) / capacity;
    left -= (endMs - atMs) * capacity;
  }
  return 0;
}
