/** Pairs the rows that two runs share. */

import { baselineOf, finishedRounds, sampleIn } from '../../findings/finished.ts';
import type { RunRecord } from '../../record/schema.ts';
import type { Sides } from '../../statistics/comparison.ts';
import { logRatios } from '../../statistics/speedup.ts';
import { joinNames } from '../text.ts';

/** The names that identify a row. */
export interface RowPlace {
  readonly experiment: string;
  readonly group: string;
  readonly variant: string;
}

/** One row of one run, with its finished rounds. */
export interface MeasuredRow extends RowPlace {
  readonly baseline: boolean;
  readonly headline: boolean;
  /** ln(1 / time in ms) in each round. */
  readonly logSpeeds: ReadonlyMap<number, number>;
  /** ln(baseline time / time) in each round that has both. */
  readonly logSpeedups: ReadonlyMap<number, number>;
}

/** The same row in both runs. */
export interface RowPair {
  readonly before: MeasuredRow;
  readonly after: MeasuredRow;
}

/** As in `crawl, semaphore@100`. */
export function nameOf({ experiment, group, variant }: RowPlace): string {
  return joinNames([experiment, group, variant], ', ');
}

/** The rows of a record without peers, since a comparison is about our code. */
export function measuredRows(record: RunRecord): MeasuredRow[] {
  const experiment = record.experiment.id;
  const rounds = finishedRounds(record);
  return record.variants.flatMap(({ id, group, baseline, headline, peer }, index) => {
    const logSpeeds = new Map<number, number>();
    const logSpeedups = new Map<number, number>();
    for (const samples of rounds) {
      const [own, base] = [sampleIn(samples, index), sampleIn(samples, baselineOf(record, index))];
      if (own === undefined) continue;
      logSpeeds.set(own.round, -Math.log(own.wallMs));
      if (base !== undefined) logSpeedups.set(own.round, logRatios([base.wallMs], [own.wallMs])[0]!);
    }
    const row = { experiment, group, variant: id, baseline, headline, logSpeeds, logSpeedups };
    return peer || logSpeedups.size === 0 ? [] : [row];
  });
}

/**
 * The rows that both runs have, in the order of the later run.
 *
 * @param paired only rows with a common round
 */
export function pairRows(
  before: readonly MeasuredRow[],
  after: readonly MeasuredRow[],
  paired: boolean,
): RowPair[] {
  const earlier = new Map(before.map((row) => [nameOf(row), row]));
  return after.flatMap((row) => {
    const same = earlier.get(nameOf(row));
    if (
      same === undefined ||
      (paired && !same.logSpeedups.keys().some((round) => row.logSpeedups.has(round)))
    )
      return [];
    return [{ before: same, after: row }];
  });
}

/**
 * One figure of a row in both runs, by round.
 *
 * @param paired leaves out rounds that only one run has
 */
export function sidesOf(
  before: ReadonlyMap<number, number>,
  after: ReadonlyMap<number, number>,
  paired: boolean,
): Sides {
  if (!paired) return { before: [...before.values()], after: [...after.values()] };
  const rounds = [...before.keys()].filter((round) => after.has(round));
  return {
    before: rounds.map((round) => before.get(round)!),
    after: rounds.map((round) => after.get(round)!),
  };
}
