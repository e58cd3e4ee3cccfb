/** What `measure` is asked for, checked before the first call. */
import { randomInt } from 'node:crypto';

/** A function with its name. */
export interface NamedFunction {
  readonly name: string;
  /** One call is one sample: the whole batch of work, until its promise resolves. It gets no arguments. */
  readonly run: () => unknown;
}

/** The functions to measure, by their names or as a list. An object puts names such as `10` first, a list keeps its order. */
export type MeasuredFunctions = Readonly<Record<string, () => unknown>> | readonly NamedFunction[];

/** The settings of a measurement; each has a default. */
export interface MeasureOptions {
  /** How many rounds to measure, from 1 to 1000. Below 6 there are no intervals. Default: 10. */
  readonly rounds?: number;
  /** How many rounds to run before, which do not count. Default: 1. */
  readonly warmupRounds?: number;
  /** The same seed gives the same orders: a whole number from 0 to 2^32 - 1. Default: a random one. */
  readonly seed?: number;
  /** The name of the function that the others are compared with. Default: the first. */
  readonly baseline?: string;
  /** Whether the baseline runs twice a round, which shows how far equal work differs here. Default: true. */
  readonly control?: boolean;
  /** Runs before each call, outside of the clock. */
  readonly beforeEach?: (name: string) => unknown;
  /** Runs after each call, outside of the clock. */
  readonly afterEach?: (name: string) => unknown;
  /**
   * Ends the measurement and keeps what was measured. The call in progress cannot be ended from outside: give your
   * function the same signal.
   */
  readonly signal?: AbortSignal;
}

/** A request whose every setting is known. */
export interface CheckedRequest
  extends Required<Pick<MeasureOptions, 'rounds' | 'warmupRounds' | 'seed' | 'baseline' | 'control'>>,
    Pick<MeasureOptions, 'beforeEach' | 'afterEach' | 'signal'> {
  readonly functions: readonly NamedFunction[];
}

const MOST_ROUNDS = 1000;

/** Fills in the defaults. @throws TypeError or RangeError, one sentence that names the function or the setting */
export function checkedRequest(given: MeasuredFunctions, options: MeasureOptions): CheckedRequest {
  const functions = isList(given) ? [...given] : Object.entries(given).map(([name, run]) => ({ name, run }));
  const names = functions.map(({ name }) => name);
  const { rounds = 10, warmupRounds = 1, seed = randomInt(2 ** 32), control = true } = options;
  const { baseline = names[0], beforeEach, afterEach, signal } = options;
  if (baseline === undefined) throw new TypeError('measure needs a function to call.');
  for (const [index, { name, run }] of functions.entries()) {
    if (typeof name !== 'string' || name === '') throw new TypeError('Each function needs a name.');
    if (typeof run !== 'function') throw new TypeError(`"${name}" must be a function.`);
    if (names.indexOf(name) !== index) throw new TypeError(`Two functions have the name "${name}".`);
  }
  if (!names.includes(baseline))
    throw new RangeError(
      `There is no function "${baseline}" to be the baseline; there are ${names.join(', ')}.`,
    );
  requireWhole('rounds', rounds, 1, MOST_ROUNDS);
  requireWhole('warmupRounds', warmupRounds, 0, MOST_ROUNDS);
  requireWhole('seed', seed, 0, 2 ** 32 - 1);
  return {
    functions,
    rounds,
    warmupRounds,
    seed,
    baseline,
    control,
    ...(beforeEach === undefined ? {} : { beforeEach }),
    ...(afterEach === undefined ? {} : { afterEach }),
    ...(signal === undefined ? {} : { signal }),
  };
}

function isList(given: MeasuredFunctions): given is readonly NamedFunction[] {
  return Array.isArray(given);
}

function requireWhole(name: string, value: number, least: number, most: number): void {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new RangeError(`${name} must be a whole number from ${least} to ${most}, not ${value}.`);
}
