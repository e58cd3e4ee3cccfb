import { max } from 'simple-statistics';
import { requireConnections } from '../../../server/latency/limits.ts';
import type { VariantFields } from '../../model/experiment.ts';
import { variantsOf } from './catalog.ts';
import type { PlannedExperiment } from './plan.ts';

/**
 * Makes sure that all that is planned can open its connections, before anything starts.
 * Experiments that are finished or skipped need none.
 *
 * @throws in one sentence where the open-file limit is too low for the experiment that needs most
 */
export function requireOpenFiles(plans: readonly PlannedExperiment[]): void {
  const needs = plans
    .filter(({ record }) => record.status !== 'skipped' && record.status !== 'ok')
    .map(({ entry, record, peers }) => ({
      id: entry.id,
      connections: max(variantsOf(entry, record.profile, peers).map(connectionsAtOnce)),
    }))
    .toSorted((one, other) => other.connections - one.connections);
  for (const { id, connections } of needs.slice(0, 1)) requireConnections(connections, id);
}

/** At the most, in one process. */
function connectionsAtOnce({ connections, limit }: Pick<VariantFields, 'connections' | 'limit'>): number {
  const all = 'used' in connections ? connections.used : connections.atMost;
  // Where each request opens its own, those before them may still be closing.
  return Math.min(all, 2 * limit);
}
