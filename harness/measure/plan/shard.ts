import { estimateMs, type PlannedExperiment } from './plan.ts';

/** One of several parts of a run, which can run on different machines. */
export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/**
 * Assigns experiments so that all shards take about the same time: the longest first, each to the shard with the least
 * time so far. The same experiments give the same shards on every machine.
 *
 * @returns the experiments of one shard, in the given order; empty if there are more shards than experiments
 */
export function shardOf(plans: readonly PlannedExperiment[], shard: Shard): PlannedExperiment[] {
  const loadsMs = new Array<number>(shard.of).fill(0);
  const mine = new Set<PlannedExperiment>();
  for (const plan of plans.toSorted((one, other) => estimateMs(other) - estimateMs(one))) {
    const least = loadsMs.indexOf(Math.min(...loadsMs));
    loadsMs[least]! += estimateMs(plan);
    if (least === shard.number - 1) mine.add(plan);
  }
  return plans.filter((plan) => mine.has(plan));
}
