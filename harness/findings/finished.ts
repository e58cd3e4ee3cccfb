/** Selects the samples of a record that count: those of finished rounds. */
import type { RecordedVariant, RunRecord, Sample } from '../record/schema.ts';
import { logRatios } from '../statistics/speedup.ts';
import { mergeRepeats } from './repeats.ts';

/**
 * The measured rounds in which all rows ran and every check passed.
 *
 * @returns the samples of each round: one for each variant and one for its twin, with repeats merged
 */
export function finishedRounds(record: RunRecord): Sample[][] {
  const isWhole = (round: number, samples: readonly Sample[]) => {
    const found = record.variants.map(() => 0);
    for (const { variant } of samples) found[variant]! += 1;
    return record.variants.every(({ control, rounds, error, repeats = 1 }, index) => {
      // A failed row does not invalidate the rounds of others.
      if (error !== undefined) return true;
      const runs = round > rounds ? 0 : control ? 2 * repeats : repeats;
      return record.otherRepeats === true ? found[index]! > 0 === runs > 0 : found[index] === runs;
    });
  };
  const measured = record.samples.filter((sample) => !sample.warmUp);
  return [...Map.groupBy(measured, (sample) => sample.round)].flatMap(([round, samples]) =>
    isWhole(round, samples) && samples.every((sample) => sample.failure === null)
      ? [oneForEach(samples)]
      : [],
  );
}

function oneForEach(samples: readonly Sample[]): Sample[] {
  const repeats = Map.groupBy(samples, ({ variant, twin }) => `${variant} ${twin}`);
  return [...repeats.values()].map((members) => (members.length === 1 ? members[0]! : mergeRepeats(members)));
}

/** Whether a record is complete, and the reason if it is not. */
export interface RunStatus {
  readonly status: 'ok' | 'errored' | 'skipped';
  /** In one sentence; null if the status is `ok`. */
  readonly reason: string | null;
}

/** The status of an experiment: an interrupted or killed one has errored, too. */
export function statusOf(
  record: Pick<RunRecord, 'status' | 'reason' | 'rounds'>,
  finished: number,
): RunStatus {
  if (record.status === 'ok' && finished === record.rounds) return { status: 'ok', reason: null };
  return {
    status: record.status === 'skipped' ? 'skipped' : 'errored',
    reason: record.reason ?? `The run ended after ${finished} of ${record.rounds} rounds.`,
  };
}

/** Each variant with ln(baseline / variant) of its finished rounds, without rounds that lack its baseline. */
export function ratiosOf(record: RunRecord): { variant: RecordedVariant; logs: number[] }[] {
  const rounds = finishedRounds(record);
  return record.variants.map((variant, index) => {
    const paired = rounds.flatMap((samples) => {
      const [baseline, own] = [sampleIn(samples, baselineOf(record, index)), sampleIn(samples, index)];
      return baseline === undefined || own === undefined ? [] : [[baseline.wallMs, own.wallMs] as const];
    });
    const logs = logRatios(
      paired.map(([baselineMs]) => baselineMs),
      paired.map(([, ownMs]) => ownMs),
    );
    return { variant, logs };
  });
}

/** Each variant with the times of its finished rounds, in ms. */
export function timesOf(record: RunRecord): { variant: RecordedVariant; times: number[] }[] {
  const rounds = finishedRounds(record);
  return record.variants.map((variant, index) => ({
    variant,
    times: rounds.flatMap((samples) => sampleIn(samples, index)?.wallMs ?? []),
  }));
}

/** The position of the baseline that a variant is compared with. */
export function baselineOf({ variants }: RunRecord, index: number): number {
  return variants.findIndex(({ group, baseline }) => baseline && group === variants[index]!.group);
}

/** A variant's sample of one round, not that of its twin. */
export function sampleIn(samples: readonly Sample[], variant: number): Sample | undefined {
  return samples.find((sample) => sample.variant === variant && !sample.twin);
}
