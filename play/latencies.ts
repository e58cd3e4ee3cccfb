/** What the target is told about latencies, and what follows from that before anything has run. */
import { drawLatencyMs } from '../server/latency/latency.ts';
import type { AnswerOptions } from '../server/latency/parameters.ts';
import { randomFor, STREAM } from '../server/latency/random.ts';
import type { Choices } from './choices.ts';

/** The same for every run, so that two strategies wait for the same answers. */
const SEED = 1;

const SPREADS: Readonly<Record<Choices['distribution'], (latencyMs: number) => AnswerOptions>> = {
  fixed: () => ({}),
  uniform: (latencyMs) => ({ jitter: latencyMs / 2 }),
  normal: (latencyMs) => ({ deviation: latencyMs / 4 }),
  lognormal: () => ({ sigma: 0.5 }),
  exponential: () => ({}),
  // The mean is half as much again as the least.
  pareto: () => ({ shape: 3 }),
};

/** What the target is started with. */
export function targetOptions({ distribution, latencyMs }: Choices) {
  return { seed: SEED, distribution, ...SPREADS[distribution](latencyMs) };
}

/**
 * How long one job after the other takes, without what the client and the network add: the CPU work and the latency of
 * each. The target will draw the same latencies, which follow from its seed and the job alone.
 *
 * @returns ms
 */
export function serialEstimateMs(choices: Choices): number {
  const { requests, latencyMs, sliceMs } = choices;
  const { seed, ...options } = targetOptions(choices);
  let totalMs = requests * sliceMs;
  for (let job = 0; job < requests; job++)
    totalMs += drawLatencyMs(latencyMs, options, randomFor(seed, job, STREAM.latency));
  return totalMs;
}
