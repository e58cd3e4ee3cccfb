/** Capacity, latency, rate and faults that change over time. */
import { type Static, Type } from 'typebox';
import { readFaults } from './faults.ts';
import { createReader, ParameterError } from './validation.ts';

const MAX_MS = 86_400_000;

/** One change. What it leaves out stays as it was. */
const StepSchema = Type.Object(
  {
    /** The time since the first request after the last reset. */
    atMs: Type.Number({ minimum: 0, maximum: MAX_MS }),
    /** How long its numbers take to get from their values before to the new ones; a step at once if left out. */
    rampMs: Type.Optional(Type.Number({ minimum: 0, maximum: MAX_MS })),
    capacity: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    /** Multiplies the latency of requests that come from then on. */
    latencyFactor: Type.Optional(Type.Number({ minimum: 0, maximum: 1000 })),
    rate: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1_000_000 })),
    fault: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
);

export type ScheduleStep = Static<typeof StepSchema>;

/** What a schedule changes. */
export interface Scheduled {
  /** Infinity without a limit. */
  readonly capacity: number;
  readonly latencyFactor: number;
  /** Requests a second; Infinity without a limit. */
  readonly rate: number;
  /** As in `reset:0.1`; undefined for no faults. */
  readonly fault: string | undefined;
}

/** A schedule that was read. */
export interface Schedule {
  readonly steps: readonly ScheduleStep[];
  /** It begins anew after this time; null if its last step holds for good. */
  readonly repeatMs: number | null;
  /** The values at a time since its start. */
  at(ms: number): Scheduled;
  /** The next time after `ms` at which values change; within a ramp, the next of its small steps. Infinity after the last. */
  nextChangeMs(ms: number): number;
}

/** The small steps of a ramp. */
const RAMP_STEP_MS = 10;
const NUMBERS = ['capacity', 'latencyFactor', 'rate'] as const;

/**
 * Reads a schedule: JSON as in `{ "steps": [{ "atMs": 0, "capacity": 50 }, { "atMs": 2000, "capacity": 15 }] }`, with steps in
 * the order of time, and `repeatMs` if it begins anew.
 *
 * @param first the values before the first step
 * @throws ParameterError with one sentence that names the step
 */
export function readSchedule(text: string, first: Omit<Scheduled, 'latencyFactor'>): Schedule {
  const { steps, repeatMs } = parse(text);
  const start: Scheduled = { ...first, latencyFactor: 1 };
  for (const [index, step] of steps.entries()) {
    if (step.atMs < (steps[index - 1]?.atMs ?? 0))
      wrong(index, 'comes before the step above it; put steps in the order of time');
    if (repeatMs !== null && step.atMs >= repeatMs)
      wrong(index, 'comes after repeatMs, so it is never reached');
    const ramped = NUMBERS.find((name) => step[name] !== undefined);
    if (step.rampMs === undefined) continue;
    if (ramped === undefined) wrong(index, 'has a rampMs, and no number that changes');
    const before = valuesAt(steps.slice(0, index), start, step.atMs);
    const endless = NUMBERS.find(
      (name) => step[name] !== undefined && before[name] === Number.POSITIVE_INFINITY,
    );
    if (endless !== undefined) wrong(index, `ramps ${endless}, which has no limit before; set one at atMs 0`);
  }
  const changes = steps.flatMap(({ atMs, rampMs = 0 }) =>
    Array.from({ length: Math.ceil(rampMs / RAMP_STEP_MS) + 1 }, (_, tick) =>
      Math.min(atMs + rampMs, atMs + tick * RAMP_STEP_MS),
    ),
  );
  const sorted = [...new Set(changes)].sort((one, other) => one - other);
  const within = (ms: number) => (repeatMs === null ? ms : ms % repeatMs);
  return {
    steps,
    repeatMs,
    at: (ms) => valuesAt(steps, start, within(ms)),
    nextChangeMs(ms) {
      const inside = within(ms);
      const next = sorted.find((atMs) => atMs > inside && (repeatMs === null || atMs < repeatMs));
      return ms - inside + (next ?? repeatMs ?? Number.POSITIVE_INFINITY);
    },
  };
}

function wrong(index: number, what: string): never {
  throw new ParameterError(`schedule: step ${index + 1} ${what}.`);
}

function parse(text: string): Pick<Schedule, 'steps' | 'repeatMs'> {
  let value: { readonly steps?: unknown; readonly repeatMs?: unknown } | null;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ParameterError(`schedule is not JSON: ${(error as Error).message.replace(/\.$/, '')}.`);
  }
  const { steps, repeatMs = null, ...others } = value ?? {};
  const [unknown] = Object.keys(others);
  if (unknown !== undefined)
    throw new ParameterError(`schedule has ${unknown}; it can have steps and repeatMs.`);
  if (!Array.isArray(steps) || steps.length === 0)
    throw new ParameterError('schedule must have steps, a list with at least one step.');
  if (repeatMs !== null && !(typeof repeatMs === 'number' && repeatMs > 0 && repeatMs <= MAX_MS))
    throw new ParameterError(`schedule: repeatMs must be a number above 0 and up to ${MAX_MS}.`);
  return { steps: steps.map(readStep), repeatMs };
}

const reader = createReader(StepSchema);

function readStep(value: unknown, index: number): ScheduleStep {
  if (typeof value !== 'object' || value === null) wrong(index, 'must be an object with atMs');
  try {
    const step = reader(value);
    readFaults(step.fault);
    return step;
  } catch (error) {
    throw new ParameterError(`schedule: step ${index + 1}: ${(error as Error).message}`);
  }
}

/** The values after the steps up to a time; a ramp that a later step interrupts stops there. */
function valuesAt(steps: readonly ScheduleStep[], start: Scheduled, ms: number): Scheduled {
  let values = start;
  for (const [index, step] of steps.entries()) {
    if (step.atMs > ms) break;
    const { atMs, rampMs = 0, fault } = step;
    const next = { ...values, ...(fault === undefined ? {} : { fault: fault === '' ? undefined : fault }) };
    for (const name of NUMBERS) {
      const to = step[name];
      if (to === undefined) continue;
      const untilMs = Math.min(
        ms,
        steps.slice(index + 1).find((later) => later[name] !== undefined)?.atMs ?? ms,
      );
      const share = rampMs === 0 ? 1 : Math.min(1, (untilMs - atMs) / rampMs);
      const value = share === 1 ? to : values[name] + (to - values[name]) * share;
      next[name] = name === 'capacity' ? Math.round(value) : value;
    }
    values = next;
  }
  return values;
}
