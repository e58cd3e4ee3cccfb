import { max } from 'simple-statistics';
import type { VariantFields } from '../../model/experiment.ts';
import { type PlannedExperiment, plannedVariants } from './plan.ts';

/**
 * The planned experiment with the most open connections. Finished and skipped experiments do not count.
 *
 * @returns its id and number of connections, or undefined if no experiment will run
 */
export function mostConnections(
  plans: readonly PlannedExperiment[],
): { readonly id: string; readonly connections: number } | undefined {
  return plans
    .filter(({ record }) => record.status !== 'skipped' && record.status !== 'ok')
    .map((plan) => ({
      id: plan.entry.id,
      connections: max(plannedVariants(plan).map(connectionsAtOnce)),
    }))
    .toSorted((one, other) => other.connections - one.connections)[0];
}

/** The most open connections in one process. */
function connectionsAtOnce({ connections, limit }: Pick<VariantFields, 'connections' | 'limit'>): number {
  const all = 'used' in connections ? connections.used : connections.atMost;
  // If each request opens a connection, those of earlier requests may still be closing.
  return Math.min(all, 2 * limit);
}
