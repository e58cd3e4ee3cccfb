/** Pure functions that change a record from round to round. */
import { CHART_KINDS } from '../../charts/kinds.ts';
import type { RecordedTrace, RunRecord, Sample } from '../../record/schema.ts';
import { nameOf } from '../plan/round-entries.ts';
import type { CompleteVariant } from '../plan/variants.ts';

/** A round by its number, from 1; warm-up rounds are counted separately. */
export interface RoundNumber {
  readonly warmUp: boolean;
  readonly round: number;
}

/** The results of a round. */
export interface MeasuredRound {
  readonly samples: readonly Sample[];
  readonly traces: readonly RecordedTrace[];
  /** The reasons of failed rows, by the rows' positions. */
  readonly lost: ReadonlyMap<number, string>;
  /** What the experiment has left open after the round, by kind. */
  readonly leftOpen: Readonly<Record<string, number>>;
}

/** The rounds that a record lacks, in order. */
export function missingRounds({ warmUpRounds, rounds, samples }: RunRecord): RoundNumber[] {
  const finished = new Set(samples.flatMap(({ warmUp, round }) => (warmUp ? [] : [round]))).size;
  const count = (from: number, to: number, warmUp: boolean) =>
    Array.from({ length: Math.max(0, to - from) }, (_, index) => ({ warmUp, round: from + index + 1 }));
  const missing = count(finished, rounds, false);
  // A new process is cold, so a resumed run repeats the warm-up rounds.
  return missing.length === 0 ? [] : [...count(0, warmUpRounds, true), ...missing];
}

/** Whether the next measured round must record the traces for the pictures. */
export function lacksTraces({ traces, charts }: RunRecord): boolean {
  return traces.length === 0 && charts.some(needsTrace);
}

/** A record must stay small, so it keeps only traces that a picture shows. */
export function isTraceShown({ charts }: RunRecord, { group, peer }: CompleteVariant): boolean {
  return (
    peer === null && charts.some((chart) => needsTrace(chart) && (chart.groups?.includes(group) ?? true))
  );
}

function needsTrace({ kind }: RunRecord['charts'][number]): boolean {
  return CHART_KINDS.get(kind)?.needsTrace === true;
}

/** The record with another round. */
export function withRound(
  record: RunRecord,
  { samples, traces, lost }: Pick<MeasuredRound, 'samples' | 'traces' | 'lost'>,
): RunRecord {
  return {
    ...record,
    samples: [...record.samples, ...samples],
    variants: markLost(record.variants, lost),
    traces: [...record.traces, ...traces].sort((one, other) => one.variant - other.variant),
  };
}

/** If the baseline failed, its whole group is lost: every comparison needs the baseline. */
function markLost(variants: RunRecord['variants'], lost: MeasuredRound['lost']): RunRecord['variants'] {
  const baselines = variants.filter(({ baseline }, index) => baseline && lost.has(index));
  return variants.map((variant, index) => {
    const baseline = baselines.find(({ group }) => group === variant.group);
    const error =
      lost.get(index) ?? variant.error ?? (baseline && `its baseline, ${baseline.id}, has an error`);
    return error === undefined ? variant : { ...variant, error };
  });
}

/** The record, errored by a failed check of its last round; undefined if all checks passed. */
export function withFailedCheck(
  record: RunRecord,
  samples: readonly Sample[],
  { warmUp, round }: RoundNumber,
): RunRecord | undefined {
  const failed = samples.find(({ failure }) => failure !== null);
  if (failed === undefined) return undefined;
  const name = nameOf(record.variants[failed.variant]!);
  const where = `${record.experiment.id}, ${name}, ${warmUp ? 'warm-up ' : ''}round ${round}`;
  return { ...record, status: 'errored', reason: `${where}: ${failed.failure}.` };
}

/** The same record with another number of planned rounds. */
export function endedAfter(record: RunRecord, rounds: number): RunRecord {
  const variants = record.variants.map((variant) => ({
    ...variant,
    rounds: Math.min(variant.rounds, rounds),
  }));
  return { ...record, rounds, variants };
}

/** The record after its last round: `ok`, or `errored` if a row is. */
export function finished(record: RunRecord): RunRecord {
  const [lost, ...others] = record.variants.filter(({ error }) => error !== undefined);
  if (lost === undefined) return { ...record, status: 'ok' };
  const more =
    others.length === 0
      ? ''
      : `; ${others.length} more ${others.length === 1 ? 'row has an error' : 'rows have errors'}`;
  const reason = `${record.experiment.id}, ${nameOf(lost)}: ${lost.error!.replace(/\.$/, '')}${more}.`;
  return { ...record, status: 'errored', reason };
}
