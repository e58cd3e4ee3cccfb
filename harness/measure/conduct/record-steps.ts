/** How a record goes from round to round. Nothing here runs anything. */
import { CHART_KINDS } from '../../charts/kinds.ts';
import type { RecordedTrace, RunRecord, Sample } from '../../record/schema.ts';
import type { CompleteVariant } from '../plan/catalog.ts';
import { entriesOf, nameOf, type RoundEntry } from '../plan/round-entries.ts';

/** A round by its number, from 1; warm-up rounds count on their own. */
export interface RoundNumber {
  readonly warmUp: boolean;
  readonly round: number;
}

/** What a round came to. */
export interface MeasuredRound {
  readonly samples: readonly Sample[];
  readonly traces: readonly RecordedTrace[];
  /** Rows that went wrong, by their position, with the reason. */
  readonly lost: ReadonlyMap<number, string>;
}

/** The rounds that a record lacks, in their order. */
export function missingRounds({ warmUpRounds, rounds, samples }: RunRecord): RoundNumber[] {
  const finished = new Set(samples.flatMap(({ warmUp, round }) => (warmUp ? [] : [round]))).size;
  const count = (from: number, to: number, warmUp: boolean) =>
    Array.from({ length: Math.max(0, to - from) }, (_, index) => ({ warmUp, round: from + index + 1 }));
  const missing = count(finished, rounds, false);
  // A new process is cold, so that what is resumed is warmed up once more.
  return missing.length === 0 ? [] : [...count(0, warmUpRounds, true), ...missing];
}

/** A round of those rows that have not gone wrong. */
export function entriesLeft(
  variants: readonly CompleteVariant[],
  record: RunRecord,
  round: RoundNumber,
): RoundEntry[] {
  return entriesOf(
    variants.filter((_, position) => record.variants[position]?.error === undefined),
    round,
  );
}

/** Whether the next measured round is to bring the traces that pictures show. */
export function lacksTraces({ traces, charts }: RunRecord): boolean {
  return traces.length === 0 && charts.some(needsTrace);
}

/** A record keeps no trace that no picture shows: it must stay small. */
export function isTraceShown({ charts }: RunRecord, { group, peer }: CompleteVariant): boolean {
  return (
    peer === null && charts.some((chart) => needsTrace(chart) && (chart.groups?.includes(group) ?? true))
  );
}

function needsTrace({ kind }: RunRecord['charts'][number]): boolean {
  return CHART_KINDS.get(kind)?.needsTrace === true;
}

/** The record with another round. */
export function withRound(record: RunRecord, { samples, traces, lost }: MeasuredRound): RunRecord {
  return {
    ...record,
    samples: [...record.samples, ...samples],
    variants: markLost(record.variants, lost),
    traces: [...record.traces, ...traces].sort((one, other) => one.variant - other.variant),
  };
}

/** Without its baseline a group has nothing to be compared with. */
function markLost(variants: RunRecord['variants'], lost: MeasuredRound['lost']): RunRecord['variants'] {
  const baselines = variants.filter(({ baseline }, index) => baseline && lost.has(index));
  return variants.map((variant, index) => {
    const baseline = baselines.find(({ group }) => group === variant.group);
    const error =
      lost.get(index) ?? variant.error ?? (baseline && `its baseline, ${baseline.id}, has an error`);
    return error === undefined ? variant : { ...variant, error };
  });
}

/** The record errored by a check of the round that came last; undefined where all of them held. */
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

/** The same record, as one that had asked for so many rounds. */
export function endedAfter(record: RunRecord, rounds: number): RunRecord {
  const variants = record.variants.map((variant) => ({
    ...variant,
    rounds: Math.min(variant.rounds, rounds),
  }));
  return { ...record, rounds, variants };
}

/** The record once no further round is wanted: `ok`, or `errored` where a row is. */
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
