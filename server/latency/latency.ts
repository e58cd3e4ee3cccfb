import { randomExponential, randomLogNormal, randomNormal, randomPareto, randomUniform } from 'd3-random';
import { type AnswerOptions, type DISTRIBUTIONS, MAX_DELAY_MS } from './parameters.ts';
import { ParameterError } from './validation.ts';

type Distribution = (typeof DISTRIBUTIONS)[number];
type Detail = 'jitter' | 'deviation' | 'sigma' | 'shape';

/** The additional parameter of each distribution. */
const DETAILS: Readonly<Record<Distribution, Detail | null>> = {
  fixed: null,
  uniform: 'jitter',
  normal: 'deviation',
  lognormal: 'sigma',
  exponential: null,
  pareto: 'shape',
};

/**
 * Checks that a distribution has its parameter, and each parameter its distribution.
 *
 * @throws ParameterError
 */
export function checkDistribution(options: AnswerOptions): void {
  const { distribution = 'fixed' } = options;
  const needed = DETAILS[distribution];
  if (needed !== null && options[needed] === undefined)
    throw new ParameterError(`${needed} must be given with distribution=${distribution}.`);
  for (const [other, detail] of Object.entries(DETAILS))
    if (detail !== null && detail !== needed && options[detail] !== undefined)
      throw new ParameterError(`${detail} goes with distribution=${other}, not with ${distribution}.`);
}

/**
 * Draws how long a request is held.
 *
 * @param centreMs fixed: the latency; uniform: the middle; normal and exponential: the mean; lognormal: the median;
 *   pareto: the least
 * @param options a distribution that {@link checkDistribution} accepts
 * @param random uniform numbers from 0 to 1
 * @returns ms, clamped to 0 to 600,000
 */
export function drawLatencyMs(centreMs: number, options: AnswerOptions, random: () => number): number {
  const { jitter = 0, deviation = 0, sigma = 0, shape = 1 } = options;
  const draw = () => {
    switch (options.distribution) {
      case 'uniform':
        return randomUniform.source(random)(centreMs - jitter, centreMs + jitter)();
      case 'normal':
        return randomNormal.source(random)(centreMs, deviation)();
      case 'lognormal':
        return randomLogNormal.source(random)(Math.log(centreMs), sigma)();
      case 'exponential':
        return centreMs * randomExponential.source(random)(1)();
      case 'pareto':
        return centreMs * randomPareto.source(random)(shape)();
      default:
        return centreMs;
    }
  };
  return Math.min(MAX_DELAY_MS, Math.max(0, draw()));
}
