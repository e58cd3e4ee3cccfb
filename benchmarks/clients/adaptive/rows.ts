/** The limits that the experiment compares. */
import { adaptiveLimit } from '../../strategies/adaptive/adaptive-limit.ts';
import { aimd } from '../../strategies/adaptive/aimd.ts';
import { envoyGradient } from '../../strategies/adaptive/envoy-gradient.ts';
import { fixed } from '../../strategies/adaptive/fixed.ts';
import { gradient2 } from '../../strategies/adaptive/gradient2.ts';
import { createLimited, type Limited } from '../../strategies/adaptive/limited.ts';
import type { LimitRule } from '../../strategies/adaptive/rule.ts';
import { vegas } from '../../strategies/adaptive/vegas.ts';
import { windowed } from '../../strategies/adaptive/windowed.ts';
import { restMsOf } from './batch.ts';
import type { ChangingTarget } from './schedules.ts';

/** One limit of the experiment. */
export interface LimitRow {
  readonly id: string;
  /** At most this many requests are in flight. */
  readonly most: number;
  make(): Limited;
}

/** The most that any adaptive limit may reach. */
export const MOST = 200;
/** Our row. */
export const OURS = 'adaptiveLimit';
/** The row that knows the schedule. */
export const CLAIRVOYANT = 'clairvoyant';
/** What marks rows whose windows and least limits fit the time of the experiment. */
const SCALED = '-scaled';

const isRefused = (result: unknown) => restMsOf(result) !== null;

/** A limit by a rule. Where the rule does not heed drops, the place of a refused request rests as the target asks. */
function byRule<State>(id: string, rule: () => LimitRule<State>, most = MOST): LimitRow {
  const make = () => {
    const made = rule();
    const rest = made.heedsDrops ? {} : { restMs: (result: unknown) => restMsOf(result) ?? 0 };
    return createLimited(made, { nowMs: () => performance.now(), dropped: isRefused, ...rest });
  };
  return { id, most, make };
}

/** A fixed limit. */
export function fixedRow(limit: number): LimitRow {
  return byRule(`fixed@${limit}`, () => fixed(limit), limit);
}

/** The limit that fits at each time, which no client can know. */
export function clairvoyantRow({ limitAt, stepsMs }: ChangingTarget): LimitRow {
  const rule = (): LimitRule<number | null> => ({
    start: { limit: limitAt(0), state: null },
    heedsDrops: false,
    next(startedMs, { nowMs, latencyMs }) {
      const zeroMs = startedMs ?? nowMs - latencyMs;
      return { limit: limitAt(nowMs - zeroMs), state: zeroMs };
    },
  });
  return byRule(CLAIRVOYANT, rule, Math.max(...stepsMs.map(limitAt)));
}

/** Our limit. */
export const oursRow: LimitRow = {
  id: OURS,
  most: MOST,
  make: () => adaptiveLimit({ max: MOST, dropped: isRefused }),
};

/** The published rules with their published defaults; the greatest limit is that of the client. */
export const PUBLISHED: readonly LimitRow[] = [
  byRule('AIMD', () => aimd({ max: MOST })),
  byRule('Vegas', () => vegas({ max: MOST })),
  byRule('Gradient2', () => windowed(gradient2({ max: MOST }))),
  byRule('Envoy', () => envoyGradient({ max: MOST })),
];

/** Windows of two round trips, and a least limit of 1. */
const WINDOW = { minMs: 0, maxMs: Number.POSITIVE_INFINITY };

/**
 * The same rules, scaled to the time of the experiment.
 *
 * @param delayMs the latency of a request
 */
export function scaledRows(delayMs: number): LimitRow[] {
  const roundTripsMs = (trips: number) => trips * delayMs;
  return [
    byRule(`AIMD${SCALED}`, () => aimd({ min: 1, max: MOST })),
    byRule(`Vegas${SCALED}`, () => windowed(vegas({ max: MOST }), WINDOW)),
    byRule(`Gradient2${SCALED}`, () => windowed(gradient2({ min: 1, max: MOST }), WINDOW)),
    byRule(`Envoy${SCALED}`, () =>
      envoyGradient({
        ...{ min: 1, max: MOST, updateMs: roundTripsMs(2), baselineIntervalMs: roundTripsMs(50) },
        baselineRequests: 5,
      }),
    ),
  ];
}
