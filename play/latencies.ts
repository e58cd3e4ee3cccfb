/** The target's options for latencies, and the estimated time of the serial strategy. */
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
  // With this shape the mean is 1.5 times the least.
  pareto: () => ({ shape: 3 }),
};

/** The start options of the target. Its capacity, if it changes, does so every ten latencies. */
export function targetOptions({ distribution, latencyMs, change }: Choices) {
  return {
    ...{ seed: SEED, distribution, ...SPREADS[distribution](latencyMs) },
    ...(change === 'capacity'
      ? { capacity: 20, schedule: capacitySchedule(Math.max(1, latencyMs) * 10) }
      : {}),
  };
}

function capacitySchedule(phaseMs: number): string {
  const steps = [
    { atMs: 0, capacity: 20 },
    { atMs: phaseMs, capacity: 5 },
  ];
  return JSON.stringify({ steps, repeatMs: phaseMs * 2 });
}

/**
 * The time of all jobs in sequence, without client and network overhead: their CPU work and latencies. The target draws
 * the same latencies, which depend on its seed and the job only.
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
