import { readFaults } from './faults.ts';
import { checkDistribution } from './latency.ts';
import type { ServerOptions } from './parameters.ts';
import { readSchedule, type Schedule } from './schedule.ts';
import { ParameterError } from './validation.ts';

/**
 * Checks that a server's settings fit each other; each setting already fits its schema.
 *
 * @throws ParameterError with one sentence about the wrong setting
 */
export function checkSettings(settings: ServerOptions): void {
  checkDistribution(settings);
  readFaults(settings.fault);
  if (settings.queue !== undefined && settings.capacity === undefined)
    throw new ParameterError('queue goes with capacity.');
  const schedule = scheduleOf(settings);
  if (settings.burst !== undefined && settings.rate === undefined && mostOf(schedule, 'rate') === undefined)
    throw new ParameterError('burst goes with rate.');
}

/** The schedule of a server's settings; null without one. @throws ParameterError with one sentence that names the step */
export function scheduleOf({ schedule, capacity, rate, fault }: ServerOptions): Schedule | null {
  if (schedule === undefined) return null;
  const first = {
    capacity: capacity ?? Number.POSITIVE_INFINITY,
    rate: rate ?? Number.POSITIVE_INFINITY,
    fault,
  };
  return readSchedule(schedule, first);
}

/** The most that a schedule sets; undefined if it never sets it. */
export function mostOf(schedule: Schedule | null, name: 'capacity' | 'rate'): number | undefined {
  const set = (schedule?.steps ?? []).flatMap((step) => step[name] ?? []);
  return set.length === 0 ? undefined : Math.max(...set);
}

/** How many requests a server ever serves at once; undefined without a limit. */
export function mostAtOnce(settings: ServerOptions): number | undefined {
  const schedule = scheduleOf(settings);
  const before = schedule?.at(0).capacity ?? settings.capacity ?? Number.POSITIVE_INFINITY;
  const most = Math.max(before, mostOf(schedule, 'capacity') ?? 0);
  return most === Number.POSITIVE_INFINITY ? undefined : most;
}
