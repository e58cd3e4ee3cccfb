/** Series of one row over runs: what can be compared, in the order of the commits. */
import type { HistoryRow, HistoryRun } from './run-schema.ts';

/** One row of one run. */
export interface Point {
  readonly run: HistoryRun;
  readonly row: HistoryRow;
}

/** A row on one machine and runtime, as long as its work stays the same. */
export interface Series {
  readonly experiment: string;
  readonly group: string;
  readonly variant: string;
  readonly baseline: boolean;
  readonly headline: boolean;
  /** As in `AMD EPYC, 2 cores, linux x64, Node 24`. */
  readonly place: string;
  readonly profile: string;
  readonly work: string;
  /** In the order of commits. */
  readonly points: readonly Point[];
}

/** The machine and the runtime of a run, in words. A release of Node counts by its first number. */
export function placeOf({ machine, node }: HistoryRun): string {
  const { processor, cores, system } = machine;
  return `${processor}, ${cores} cores, ${system}, Node ${node.split('.')[0]}`;
}

/**
 * The series of a history. Work that changed begins a new one; if it changes back, the old one goes on.
 *
 * @param runs in the order of their commits
 * @returns the series with the newest points first, otherwise in the order of the rows
 */
export function seriesOf(runs: readonly HistoryRun[]): Series[] {
  const points = runs.flatMap((run) => run.rows.map((row) => ({ run, row })));
  const groups = Map.groupBy(points, ({ run, row }) =>
    JSON.stringify([placeOf(run), run.profile, row.experiment, row.group, row.variant, row.work]),
  );
  const series = [...groups.values()].map((members) => {
    const { run, row } = members.at(-1)!;
    return {
      experiment: row.experiment,
      group: row.group,
      variant: row.variant,
      baseline: row.baseline,
      headline: row.headline,
      work: row.work,
      profile: run.profile,
      place: placeOf(run),
      points: members,
    };
  });
  const newest = ({ points: own }: Series) => runs.indexOf(own.at(-1)!.run);
  return series.sort((one, other) => newest(other) - newest(one));
}
