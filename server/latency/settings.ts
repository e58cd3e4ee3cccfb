import { readFaults } from './faults.ts';
import { checkDistribution } from './latency.ts';
import type { ServerOptions } from './parameters.ts';
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
  if (settings.burst !== undefined && settings.rate === undefined)
    throw new ParameterError('burst goes with rate.');
}
