/** What a person may ask for: one schema with every limit, from which the form is made and by which requests are checked. */
import { type Static, Type } from 'typebox';
import { DISTRIBUTIONS } from '../server/latency/parameters.ts';
import { createReader, ParameterError } from '../server/latency/validation.ts';

/** What is said of a strategy on the page. */
export interface StrategyChoice {
  readonly label: string;
  /** What its limit is called; null where it has none. */
  readonly limit: string | null;
  /** One sentence: what to look for. */
  readonly hint: string;
}

/** In the order of the form, and of their colours. */
export const STRATEGIES = {
  serial: {
    label: 'serial: one after the other',
    limit: null,
    hint: 'Look for the staircase: a request leaves only when the answer before it is there, so that every wait is paid in full.',
  },
  'promise-all': {
    label: 'promise-all: all at once',
    limit: null,
    hint: 'Look for the wall: all requests leave together and one wait hides the others, but with CPU work none leaves before the work of all of them is done, and the loop is blocked so long.',
  },
  semaphore: {
    label: 'semaphore: so many at once',
    limit: 'At most in flight',
    hint: 'Look for the number in flight, which stays at the limit: whenever an answer comes, the next request leaves.',
  },
  batches: {
    label: 'batches: so many at a time',
    limit: 'Size of a batch',
    hint: 'Look for the gaps: a batch begins only when the slowest answer of the one before is there, which costs the more, the more the latencies differ.',
  },
  interleaved: {
    label: 'interleaved: work while waiting',
    limit: 'At most under way',
    hint: 'Look for the diagonal: with CPU work each request leaves before the next one computes, so that the first answers come while others still compute.',
  },
} as const satisfies Readonly<Record<string, StrategyChoice>>;

export type StrategyName = keyof typeof STRATEGIES;

/** What is said of a distribution on the page; "it" is `latencyMs`. */
export const DISTRIBUTION_LABELS: Readonly<Record<(typeof DISTRIBUTIONS)[number], string>> = {
  fixed: 'fixed: always the same',
  uniform: 'uniform: from 0.5 to 1.5 times',
  normal: 'normal: mostly near it',
  lognormal: 'lognormal: some far above',
  exponential: 'exponential: many short, few long',
  pareto: 'pareto: never less, few very long',
};

const STRATEGY_NAMES = Object.keys(STRATEGIES) as StrategyName[];

/** One run. Every property has its words for people (`title`), its limits and what it is unless said (`default`). */
export const Choices = Type.Object(
  {
    strategy: Type.Enum(STRATEGY_NAMES, { title: 'Strategy', default: 'semaphore' }),
    requests: Type.Integer({ minimum: 1, maximum: 500, title: 'Requests', default: 100 }),
    latencyMs: Type.Integer({ minimum: 0, maximum: 2000, title: 'Latency (ms)', default: 100 }),
    distribution: Type.Enum([...DISTRIBUTIONS], { title: 'How latencies spread', default: 'fixed' }),
    /** Where the strategy has one. */
    limit: Type.Integer({ minimum: 1, maximum: 500, title: 'Limit', default: 10 }),
    /** How much CPU work each job does before its request. */
    sliceMs: Type.Integer({ minimum: 0, maximum: 100, title: 'CPU slice (ms)', default: 0 }),
  },
  { additionalProperties: false },
);

export type Choices = Static<typeof Choices>;

/** What of a property's schema is more than its type. */
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
 * Reads what a person asked for; what is left out has its default.
 *
 * @throws ParameterError with one sentence that names what is wrong
 */
export function readChoices(given: unknown): Choices {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new ParameterError('The choices must be one JSON object, as in {"requests": 100}.');
  return read({ ...DEFAULTS, ...given });
}

/** How many requests may be in flight at once, which is also how many connections they need. */
export function inFlightLimit({ strategy, requests, limit }: Choices): number {
  if (strategy === 'serial') return 1;
  return STRATEGIES[strategy].limit === null ? requests : Math.min(limit, requests);
}
