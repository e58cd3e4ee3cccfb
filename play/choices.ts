/** The user's choices: one schema with every limit, which makes the form and checks requests. */
import { type Static, Type } from 'typebox';
import { DISTRIBUTIONS } from '../server/latency/parameters.ts';
import { createReader, ParameterError } from '../server/latency/validation.ts';

/** The texts about a strategy on the page. */
export interface StrategyChoice {
  readonly label: string;
  /** The label of its limit; null for a strategy without a limit. */
  readonly limit: string | null;
  /** What to look for, in one or two sentences. */
  readonly hint: string;
}

/** In the order of the form and of the colours. */
export const STRATEGIES = {
  serial: {
    label: 'serial: one after the other',
    limit: null,
    hint: 'Look for the staircase: each request leaves after the answer to the one before. Every wait costs its full time.',
  },
  'promise-all': {
    label: 'promise-all: all at once',
    limit: null,
    hint: 'Look for the wall: all requests leave together, so their waits overlap. With CPU work, no request leaves until the CPU work of all is done, and the loop is blocked until then.',
  },
  semaphore: {
    label: 'semaphore: at most N in flight',
    limit: 'At most in flight',
    hint: 'Look for the steady number in flight: when an answer comes, the next request leaves. A slow answer holds up no other request.',
  },
  batches: {
    label: 'batches: N at a time',
    limit: 'Batch size',
    hint: 'Look for the gaps: a batch starts only after the slowest answer of the batch before. The more latencies differ, the more time is lost.',
  },
  interleaved: {
    label: 'interleaved: work while waiting',
    limit: 'Most in progress',
    hint: 'Look for the diagonal: with CPU work, each request leaves before the next job computes. The loop stays free, and the first answers come early.',
  },
  adaptive: {
    label: 'adaptive: finds its own limit',
    limit: 'Most in flight',
    hint: 'Look for how the number in flight grows until a queue is felt, and follows where the target changes. It starts with at most 10.',
  },
} as const satisfies Readonly<Record<string, StrategyChoice>>;

export type StrategyName = keyof typeof STRATEGIES;

/** The texts about what the target changes. */
export const CHANGE_LABELS = {
  nothing: 'nothing',
  capacity: 'capacity: 20, then 5',
} as const;

/** The texts about distributions on the page; "latency" is `latencyMs`. */
export const DISTRIBUTION_LABELS: Readonly<Record<(typeof DISTRIBUTIONS)[number], string>> = {
  fixed: 'fixed: always the same',
  uniform: 'uniform: half to 1.5 times',
  normal: 'normal: mostly near the latency',
  lognormal: 'lognormal: a few far longer',
  exponential: 'exponential: many short',
  pareto: 'pareto: few, but very long',
};

const STRATEGY_NAMES = Object.keys(STRATEGIES) as StrategyName[];

/** One run. Every property has a label (`title`), limits and a default. */
export const Choices = Type.Object(
  {
    strategy: Type.Enum(STRATEGY_NAMES, { title: 'Strategy', default: 'semaphore' }),
    requests: Type.Integer({ minimum: 1, maximum: 500, title: 'Requests', default: 100 }),
    latencyMs: Type.Integer({ minimum: 0, maximum: 2000, title: 'Latency (ms)', default: 100 }),
    distribution: Type.Enum([...DISTRIBUTIONS], { title: 'How latencies vary', default: 'lognormal' }),
    change: Type.Enum(Object.keys(CHANGE_LABELS) as (keyof typeof CHANGE_LABELS)[], {
      title: 'What changes there',
      default: 'nothing',
    }),
    /** Used by strategies with a limit only. */
    limit: Type.Integer({ minimum: 1, maximum: 500, title: 'Limit', default: 10 }),
    /** How much CPU work each job does before its request. */
    sliceMs: Type.Integer({ minimum: 0, maximum: 100, title: 'CPU work (ms)', default: 0 }),
  },
  { additionalProperties: false },
);

export type Choices = Static<typeof Choices>;

/** The fields of a property's schema besides its type. */
export interface ChoiceProperty {
  readonly title: string;
  readonly default: string | number;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The properties by their names, in the order of the form. */
export const PROPERTIES = Choices.properties as object as Readonly<Record<keyof Choices, ChoiceProperty>>;

export const DEFAULTS = Object.fromEntries(
  Object.entries(PROPERTIES).map(([name, property]) => [name, property.default]),
) as Choices;

const read = createReader(Choices);

/**
 * Reads the user's choices, and fills in defaults.
 *
 * @throws ParameterError with one sentence about the wrong choice
 */
export function readChoices(given: unknown): Choices {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ParameterError('The choices must be one JSON object, as in {"requests": 100}.');
  return read({ ...DEFAULTS, ...given });
}

/** The most requests in flight at once, which is also the number of connections. */
export function inFlightLimit({ strategy, requests, limit }: Choices): number {
  if (strategy === 'serial') return 1;
  return STRATEGIES[strategy].limit === null ? requests : Math.min(limit, requests);
}
