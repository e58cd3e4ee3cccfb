/** Whether a run stays within what may be sent to a target. */
import { type PlannedExperiment, plannedVariants } from './plan.ts';
import { entriesLeft } from './round-entries.ts';

/** @throws one sentence if a run would send more requests to a target than may be sent there */
export function refuseBeyondBudget(plans: readonly PlannedExperiment[]): void {
  for (const plan of plans)
    for (const [name, { kind, options }] of Object.entries(plan.targets)) {
      const budget = kind.requestBudget?.(options) ?? Number.POSITIVE_INFINITY;
      const requests = requestsTo(name, plan);
      if (requests > budget)
        throw new Error(
          `${plan.entry.id} would send ${requests} requests to its target ${name}, which may get ${budget}: measure fewer rounds or requests, or state a larger budget.`,
        );
    }
}

/** How many requests a run sends to one of its targets if no row fails and none is sent again. */
function requestsTo(target: string, plan: PlannedExperiment): number {
  const { record } = plan;
  const variants = plannedVariants(plan);
  const keyOf = (one: { readonly group: string; readonly id: string }) => JSON.stringify([one.group, one.id]);
  const jobs = new Map(variants.map((one) => [keyOf(one), one.target === target ? one.jobs : 0]));
  const roundOf = (warmUp: boolean, round: number) =>
    entriesLeft(variants, record, { warmUp, round }).reduce((sum, entry) => sum + jobs.get(keyOf(entry))!, 0);
  let requests = record.warmUpRounds * roundOf(true, 1);
  for (let round = 1; round <= record.rounds; round++) requests += roundOf(false, round);
  return requests;
}
