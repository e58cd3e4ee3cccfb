/** Pairs of identical variants, which show whether a run agrees with itself. */
import { median } from 'simple-statistics';
import type { Estimate, Warning } from '../model/row.ts';
import type { RunRecord, Sample } from '../record/schema.ts';
import { geometricCentre, speedup } from '../statistics/speedup.ts';
import { finishedRounds } from './finished.ts';
import { judgeRatio } from './judge.ts';
import { fixedDigits } from './numbers.ts';

/** The pair of identical variants of a group, and the ratio of their times. */
export interface ControlPair {
  readonly group: string;
  readonly variant: string;
  readonly ratio: Estimate;
}

/** The pairs of a record, one per control. */
export function controlPairs(record: RunRecord): ControlPair[] {
  const rounds = finishedRounds(record);
  return record.variants.flatMap((variant, index) => {
    if (!variant.control) return [];
    const pairs = rounds.map((samples) => pairOf(samples, index)).filter((pair) => pair !== null);
    if (pairs.length === 0) return [];
    const ratio = speedup(
      pairs.map(([first]) => first),
      pairs.map(([, second]) => second),
    );
    return [{ group: variant.group, variant: variant.id, ratio }];
  });
}

/** The times of both runs of a control in one round. */
function pairOf(samples: readonly Sample[], variant: number): [number, number] | null {
  const find = (twin: boolean) =>
    samples.find((sample) => sample.variant === variant && sample.twin === twin);
  const [first, second] = [find(false), find(true)];
  return first === undefined || second === undefined ? null : [first.wallMs, second.wallMs];
}

/**
 * One ratio for all pairs of a run, from the median of their logarithms in each round. With a dozen separate pairs, one
 * in two runs would have an interval that excludes 1 by chance. In a mean, pairs of a tenth of a ms would dominate.
 */
export function controlOf(records: readonly RunRecord[]): Estimate | null {
  const logs = new Map<number, number[]>();
  for (const record of records)
    for (const samples of finishedRounds(record))
      for (const [index, { control }] of record.variants.entries()) {
        const pair = control ? pairOf(samples, index) : null;
        const round = samples[0]!.round;
        if (pair !== null) logs.set(round, [...(logs.get(round) ?? []), Math.log(pair[0] / pair[1])]);
      }
  if (logs.size === 0) return null;
  const medians = [...logs.values()].map((list) => Math.exp(median(list)));
  return geometricCentre(medians);
}

/** Why a run with these pairs cannot be trusted, or null. */
export function distrustOf(control: Estimate | null): Warning | null {
  const verdict = control === null ? 'unproven' : judgeRatio(control).verdict;
  if (verdict === 'unproven' || verdict === 'tied') return null;
  return {
    what: `This run is not to be trusted: identical variants differ by ${differenceText(control!)}.`,
    remedy: 'Run it again on a machine that does nothing else.',
  };
}

/** Above this share the interval of identical variants is too wide for small effects. */
const WIDE = 0.05;

/** Whether a run can be trusted, by its identical variants: one sentence, with their difference. */
export function trustText(control: Estimate | null): string {
  if (control === null) return 'This run is not checked: no variant ran twice in a round.';
  const difference = `identical variants differ by ${differenceText(control)}.`;
  const { verdict, ratio } = judgeRatio(control);
  if (verdict === 'unproven') return `This run is not checked, it has too few rounds: ${difference}`;
  if (verdict !== 'tied') return `This run is not to be trusted: ${difference}`;
  const most = Math.max(Math.abs(ratio.low! - 1), Math.abs(ratio.high! - 1));
  return most > WIDE
    ? `Trust this run for differences above ${Math.ceil(most * 100)} %: ${difference}`
    : `This run can be trusted: ${difference}`;
}

/** The difference of identical variants: `1.0 % (-2.1 to 0.0)`. */
export function differenceText({ value, low, high }: Estimate): string {
  const percent = (ratio: number) => fixedDigits((ratio - 1) * 100, 1);
  const interval = low === null || high === null ? '' : ` (${percent(low)} to ${percent(high)})`;
  return `${percent(value)} %${interval}`;
}
