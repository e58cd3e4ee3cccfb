/** The cases of the study, each with the truth about it. */
import { join } from 'node:path';
import type { TargetOptions } from '../../harness/model/target.ts';
import type { Reason } from '../../harness/tune/tune-answer.ts';

/** What one search answered, and what its target saw. */
export interface TuneTry {
  readonly case: string;
  readonly seed: number;
  /** The version of the code. */
  readonly commit: string;
  /** Null if the command failed; `error` then has its sentence. */
  readonly answer: {
    readonly limit: number;
    readonly low: number | null;
    readonly high: number | null;
    readonly reason: Reason;
    readonly requests: number;
    readonly seconds: number;
  } | null;
  readonly error: string | null;
  /** What the sentences said. */
  readonly words: readonly string[];
  /** Requests that the target turned away, as a share of all. */
  readonly refusedShare: number;
  /** Steps that were refused, and pauses of at least 0.95 s between two requests, as the target saw them. */
  readonly refusals: number;
  readonly pauses: number;
}

/** One thing to tune, and when an answer is right. */
export interface TuneCase {
  readonly name: string;
  /** In the table: what a right answer is. */
  readonly right: string;
  /** How many tries of 20 must be right. */
  readonly goal: number;
  readonly target: 'latency' | 'postgresql';
  readonly options: TargetOptions;
  /** The path of the latency server, the module, or the query. */
  readonly path?: string;
  readonly module?: string;
  readonly query?: string;
  readonly most?: number;
  isRight(one: TuneTry): boolean;
}

/** A search must stay within the default budget. */
const BUDGET = { requests: 10_000, seconds: 60 };

function withinBudget({ answer }: TuneTry): boolean {
  return answer !== null && answer.requests <= BUDGET.requests && answer.seconds <= BUDGET.seconds;
}

function isNear(one: TuneTry, capacity: number): boolean {
  const { answer } = one;
  if (answer === null || answer.low === null || answer.high === null || !withinBudget(one)) return false;
  const overlaps = answer.low <= 1.15 * capacity && answer.high >= 0.9 * capacity;
  return overlaps && Math.abs(answer.limit / capacity - 1) <= 0.25;
}

const CAPACITIES = [4, 16, 64];
const HOLDS_MS = [20, 50];

const ofCapacity = ['fixed', 'lognormal'].flatMap((distribution) =>
  CAPACITIES.flatMap((capacity) =>
    HOLDS_MS.map(
      (holdMs): TuneCase => ({
        name: `${distribution}-${capacity}-${holdMs}`,
        right: `${capacity}: interval over 0.9 to 1.15 times, point within 25 %`,
        goal: distribution === 'fixed' ? 17 : 15,
        target: 'latency',
        options: { capacity },
        path: `/delay/${holdMs}${distribution === 'fixed' ? '' : '?distribution=lognormal&sigma=0.5'}`,
        isRight: (one) => isNear(one, capacity),
      }),
    ),
  ),
);

const MODULES = join(import.meta.dirname, 'modules');

export const CASES: readonly TuneCase[] = [
  ...ofCapacity,
  {
    name: 'queue-full',
    right: 'refused, at most 24, and at most 2 % of requests refused',
    goal: 19,
    target: 'latency',
    options: { capacity: 16, queue: 8 },
    path: '/delay/20',
    isRight: (one) =>
      withinBudget(one) &&
      one.answer!.reason === 'refused' &&
      one.answer!.limit <= 24 &&
      one.refusedShare <= 0.02,
  },
  {
    name: 'rate-limit',
    right: 'at most 10, and no request before each Retry-After',
    goal: 20,
    target: 'latency',
    options: { rate: 200 },
    path: '/delay/50',
    isRight: (one) =>
      withinBudget(one) &&
      one.answer!.reason === 'refused' &&
      one.answer!.limit <= 10 &&
      one.refusals > 0 &&
      one.pauses >= one.refusals,
  },
  {
    name: 'inner-limit',
    right: 'hidden-limit, and says 8',
    goal: 19,
    target: 'latency',
    options: {},
    module: join(MODULES, 'inner-limit.ts'),
    isRight: (one) =>
      withinBudget(one) &&
      one.answer!.reason === 'hidden-limit' &&
      one.answer!.limit === 8 &&
      one.words.some((text) => /\b8\b/.test(text)),
  },
  {
    name: 'client-cpu',
    right: 'client-cpu, and within 25 % of 25',
    goal: 18,
    target: 'latency',
    options: {},
    module: join(MODULES, 'busy-and-waiting.ts'),
    isRight: (one) =>
      withinBudget(one) &&
      one.answer!.reason === 'client-cpu' &&
      Math.abs(one.answer!.limit / 25 - 1) <= 0.25,
  },
  {
    name: 'postgresql',
    right: 'refused, and at most 20',
    goal: 19,
    target: 'postgresql',
    // Five more than these are its max_connections.
    options: { rows: 1, connections: 15 },
    query: 'select pg_sleep(0.02)',
    isRight: (one) => withinBudget(one) && one.answer!.reason === 'refused' && one.answer!.limit <= 20,
  },
  {
    name: 'no-limit',
    right: 'not-reached at 256',
    goal: 20,
    target: 'latency',
    options: {},
    path: '/delay/100',
    isRight: (one) => withinBudget(one) && one.answer!.reason === 'not-reached' && one.answer!.limit === 256,
  },
];

/** The cases that are also swept by hand. */
export const SWEPT = ['fixed-16-20', 'fixed-64-20', 'lognormal-16-50', 'queue-full'] as const;
