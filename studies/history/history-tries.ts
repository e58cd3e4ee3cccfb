/** What the rule says of made-up histories, and how often it is wrong. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { changesOf } from '../../harness/history/changes.ts';
import type { HistoryRun } from '../../harness/history/run-schema.ts';
import { seriesOf } from '../../harness/history/series.ts';
import { COMMITS, type Following, madeUpHistory, ROWS } from './made-up-history.ts';

/** One kind of history, tried many times. */
export interface Kind {
  readonly what: string;
  readonly following: Following;
  readonly tries: number;
  /** A step of this share, a drift of this share a commit, or nothing. */
  readonly step?: number;
  readonly drift?: number;
  readonly twoMachines?: true;
}

/** What was said of one history. */
export interface Try {
  /** The commit of the step; null without one. */
  readonly at: number | null;
  /** The row that changed; null if none did. */
  readonly row: number | null;
  /** The commits of the changes that were told of that row, by kind, and how many other rows were told. */
  readonly told: readonly {
    readonly kind: 'step' | 'drift';
    readonly at: number;
    readonly between: readonly number[];
  }[];
  readonly others: number;
  /** Whether the step was told when the history ended six commits after it. */
  readonly soon: boolean;
  /** The same for a threshold of 10 % against the run before: of this row at the step or ever, and in other rows. */
  readonly byThreshold: { readonly told: boolean; readonly others: number };
}

/** How far from the truth a told commit may lie. */
const NEAR_COMMITS = 6;
const THRESHOLD = 0.1;

/** Tries one kind of history. */
export function tryKind(noise: readonly (readonly number[])[], kind: Kind): Try[] {
  return Array.from({ length: kind.tries }, (_, seed) => tryOnce(noise, kind, seed + 1));
}

function tryOnce(noise: readonly (readonly number[])[], kind: Kind, seed: number): Try {
  const { step, drift, following, twoMachines = false } = kind;
  const random = xoroshiro128plus(-seed);
  const drawn = uniformInt(random, 0, ROWS - 1);
  const row = step === undefined && drift === undefined ? null : drawn;
  const at = step === undefined ? null : uniformInt(random, 12, COMMITS - 13);
  const effect = (commit: number) => {
    if (step !== undefined) return commit >= at! ? -Math.log1p(step) : 0;
    return drift === undefined ? 0 : -Math.log1p(drift) * commit;
  };
  const runs = madeUpHistory(noise, { effect, twoMachines }, { changed: row, following, seed });
  const { own: told, others } = toldOf(runs, row);
  const soon = at !== null && toldOf(runs.slice(0, at + NEAR_COMMITS), row).own.length > 0;
  return { at, row, told, others, soon, byThreshold: thresholdOf(runs, row, at) };
}

function toldOf(runs: readonly HistoryRun[], row: number | null): { own: Try['told']; others: number } {
  const { changes } = changesOf(seriesOf(runs));
  const isOwn = ({ series }: (typeof changes)[number]) => series.variant === `row ${row}`;
  const commitOf = ({ run }: { run: HistoryRun }) => Number.parseInt(run.commit.id, 16);
  const own = changes.filter(isOwn).map(({ kind, nearest, between }) => ({
    kind,
    at: commitOf(nearest[1]),
    between: between.map(commitOf),
  }));
  return {
    own,
    others: new Set(changes.filter((change) => !isOwn(change)).map(({ series }) => series.variant)).size,
  };
}

/** An alarm of a row: its speedup fell by more than the threshold from the run before on the same machine. */
function thresholdOf(runs: readonly HistoryRun[], row: number | null, at: number | null): Try['byThreshold'] {
  const alarms = seriesOf(runs).flatMap(({ variant, points }) =>
    points.flatMap((point, index) => {
      const before = points[index - 1];
      if (before === undefined || point.row.speedup.value * (1 + THRESHOLD) > before.row.speedup.value)
        return [];
      return [{ variant, at: Number.parseInt(point.run.commit.id, 16) }];
    }),
  );
  const own = alarms.filter(({ variant }) => variant === `row ${row}`);
  const told = at === null ? own.length > 0 : own.some((alarm) => Math.abs(alarm.at - at) <= NEAR_COMMITS);
  return {
    told,
    others: new Set(alarms.map(({ variant }) => variant).filter((name) => name !== `row ${row}`)).size,
  };
}

/** The counts of one kind. */
export interface Counts {
  readonly tries: number;
  /** Histories in which a row without a change was told. */
  readonly falseAlarms: number;
  /** A change of the right row, near the step. */
  readonly found: number;
  readonly asDrift: number;
  /** Steps whose commit lies between the two that were told. */
  readonly between: number;
  readonly soon: number;
  readonly thresholdFalse: number;
  readonly thresholdFound: number;
}

/** Counts over tries of one kind. */
export function countsOf(tries: readonly Try[]): Counts {
  const count = (holds: (one: Try) => boolean) => tries.filter(holds).length;
  return {
    tries: tries.length,
    falseAlarms: count(({ others }) => others > 0),
    found: count(({ at, told }) => told.some((one) => at === null || Math.abs(one.at - at) <= NEAR_COMMITS)),
    asDrift: count(({ told }) => told.some(({ kind }) => kind === 'drift')),
    between: count(({ at, told }) =>
      told.some(({ between: [before, after] }) => at !== null && before! < at && at <= after!),
    ),
    soon: count(({ soon }) => soon),
    thresholdFalse: count(({ byThreshold }) => byThreshold.others > 0),
    thresholdFound: count(({ byThreshold }) => byThreshold.told),
  };
}
