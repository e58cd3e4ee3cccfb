import { max } from 'simple-statistics';
import type { VariantFields } from '../../model/experiment.ts';
import { variantsOf } from './catalog.ts';
import type { PlannedExperiment } from './plan.ts';

/**
 * The planned experiment that has most connections open at once. Experiments that are finished or skipped need none.
 *
 * @returns its id and how many, or undefined where none is to run
 */
export function mostConnections(
  plans: readonly PlannedExperiment[],
): { readonly id: string; readonly connections: number } | undefined {
  return plans
    .filter(({ record }) => record.status !== 'skipped' && record.status !== 'ok')
    .map(({ entry, record, peers }) => ({
      id: entry.id,
      connections: max(variantsOf(entry, record.profile, peers).map(connectionsAtOnce)),
    }))
    .toSorted((one, other) => other.connections - one.connections)[0];
}

/** At the most, in one process. */
function connectionsAtOnce({ connections, limit }: Pick<VariantFields, 'connections' | 'limit'>): number {
  const all = 'used' in connections ? connections.used : connections.atMost;
  // Where each request opens its own, those before them may still be closing.
  return Math.min(all, 2 * limit);
}
