/** An open loop: jobs start when a Poisson stream says, whether or not earlier ones have ended. */
import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import { randomExponential } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { type LoopOptions, withinLimit } from './closed-loop.ts';
import type { JobSource } from './job-source.ts';
import type { Traffic } from './traffic.ts';

export interface ArrivalOptions
  extends Pick<
    LoopOptions,
    'limit' | 'jobs' | 'timeLimitMs' | 'jobLimitMs' | 'requestsLeft' | 'requestsOfJob'
  > {
  /** The rate of the stream. */
  readonly perSecond: number;
  readonly seed: number;
}

/** One job, in ms since the start: when it should have started, when it did, when it ended. */
export type Arrival = readonly [intendedMs: number, startMs: number, endMs: number, ok: 0 | 1];

export interface ArrivalsMeasured {
  readonly perSecond: number;
  readonly arrivals: readonly Arrival[];
  /** Jobs that were still in flight, or had not started, when the time was over. */
  readonly unfinished: number;
  readonly requests: number;
  readonly refused: number;
  /** The target refuses until this long after the end; 0 if it refused nothing. */
  readonly waitMs: number;
}

/** The intended starts of a Poisson stream, in ms from 0. The same seed gives the same stream. */
export function poissonStarts(count: number, perSecond: number, seed: number): number[] {
  const random = xoroshiro128plus(seed);
  const draw = randomExponential.source(() => uniformFloat64(random))(perSecond / 1000);
  let atMs = 0;
  return Array.from({ length: count }, () => {
    atMs += draw();
    return atMs;
  });
}

/** Offers the stream. A job that finds all slots taken waits; its latency counts from its intended start all the same. */
export async function runArrivals(
  source: JobSource,
  traffic: Traffic,
  options: ArrivalOptions,
): Promise<ArrivalsMeasured> {
  const { limit, jobs, perSecond, seed, timeLimitMs, jobLimitMs, requestsLeft, requestsOfJob } = options;
  const count = Math.min(jobs, Math.floor(requestsLeft / requestsOfJob));
  const starts = poissonStarts(count, perSecond, seed);
  const free = Array.from({ length: limit }, (_, slot) => slot).reverse();
  const aborting = new AbortController();
  const arrivals: Arrival[] = [];
  const running = new Set<Promise<void>>();
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  await source.warm(limit);
  traffic.reset();
  traffic.onRefusal = stop;
  const zeroMs = performance.now();
  const deadline = setTimeout(() => {
    stop();
    aborting.abort(new Error('The time is over'));
  }, timeLimitMs);
  const start = async (intendedMs: number, slot: number) => {
    const startMs = performance.now() - zeroMs;
    const outcome = await withinLimit(source, slot, jobLimitMs, aborting.signal);
    free.push(slot);
    if (outcome?.kind === 'refused') stop();
    if (outcome !== null)
      arrivals.push([intendedMs, startMs, performance.now() - zeroMs, outcome.kind === 'ok' ? 1 : 0]);
  };
  for (let next = 0; next < count && !stopped; ) {
    const slot = performance.now() - zeroMs < starts[next]! ? undefined : free.pop();
    if (slot === undefined) {
      await wait(1);
      continue;
    }
    const job: Promise<void> = start(starts[next]!, slot).finally(() => running.delete(job));
    running.add(job);
    next += 1;
  }
  await Promise.all(running);
  clearTimeout(deadline);
  traffic.onRefusal = () => {};
  const { requests, refused, refusal } = traffic.read();
  return {
    perSecond,
    arrivals,
    unfinished: count - arrivals.length,
    requests,
    refused,
    waitMs: refusal?.waitMs ?? 0,
  };
}
