import { mean, median, sampleVariance } from 'simple-statistics';
import { nameOf } from '../../harness/measure/plan/round-entries.ts';
import type { RunRecord } from '../../harness/record/schema.ts';
import type { RowCost, Wanted } from './allocation.ts';

/** What is around a sample: opening connections, collecting garbage, asking the target. */
const AROUND_MS = 30;

/**
 * What a record with repeats tells of its rows.
 *
 * @param record whose short rows have repeats
 * @returns each headline row with its baseline
 */
export function costsOf(record: RunRecord): { readonly wanted: readonly Wanted[] } {
  const costs = record.variants.map((_, index) => costOf(record, index));
  const wanted = record.variants.flatMap((variant, index) => {
    if (!variant.headline || variant.baseline) return [];
    const baseline = record.variants.findIndex(({ group, baseline }) => baseline && group === variant.group);
    return [{ row: costs[index]!, baseline: costs[baseline]! }];
  });
  return { wanted };
}

function costOf(record: RunRecord, index: number): RowCost {
  const samples = record.samples.filter(({ variant, warmUp }) => variant === index && !warmUp);
  const rounds = [...Map.groupBy(samples, ({ round }) => round).values()].map((members) =>
    members.map(({ wallMs }) => Math.log(wallMs)),
  );
  const withinVariance = mean(rounds.map((logs) => (logs.length < 2 ? 0 : sampleVariance(logs))));
  const figures = rounds.map((logs) => median(logs));
  const share = mean(rounds.map((logs) => (logs.length <= 2 ? 1 : Math.PI / 2) / logs.length));
  const between = Math.max(0, sampleVariance(figures) - (withinVariance === 0 ? 0 : withinVariance * share));
  return {
    name: nameOf(record.variants[index]!),
    costMs: mean(samples.map(({ wallMs }) => wallMs)) + AROUND_MS,
    withinRound: Math.sqrt(withinVariance),
    betweenRounds: Math.sqrt(between),
    control: record.variants[index]!.control,
  };
}
