import { estimateMs, type PlannedExperiment } from './plan.ts';

/** One of several parts of a run, which can run on different machines. */
export interface Shard {
  /** From 1. */
  readonly number: number;
  readonly of: number;
}

/**
 * Deals experiments out so that all shards take about the same time: the longest first, each to the shard with the least
 * time so far. The same experiments and durations give the same shards on every machine.
 *
 * @param of how many shards
 * @param durationMs how long an experiment takes
 * @returns the experiments of each shard, in the given order; some are empty if there are more shards than experiments
 */
export function deal(
  plans: readonly PlannedExperiment[],
  of: number,
  durationMs: (plan: PlannedExperiment) => number = (plan) => estimateMs(plan),
): PlannedExperiment[][] {
  const loadsMs = new Array<number>(of).fill(0);
  const dealt = new Map<PlannedExperiment, number>();
  for (const plan of plans.toSorted((one, other) => durationMs(other) - durationMs(one))) {
    const least = loadsMs.indexOf(Math.min(...loadsMs));
    loadsMs[least]! += durationMs(plan);
    dealt.set(plan, least);
  }
  return loadsMs.map((_, index) => plans.filter((plan) => dealt.get(plan) === index));
}

/** The experiments of one shard, in the given order; empty if there are more shards than experiments. */
export function shardOf(plans: readonly PlannedExperiment[], { number, of }: Shard): PlannedExperiment[] {
  return deal(plans, of)[number - 1]!;
}
