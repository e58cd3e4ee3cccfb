/** A history for other programs. */
import type { HistoryChanges } from './changes.ts';
import type { Series } from './series.ts';
import { sidesOf } from './sides.ts';

/** Series with their points, and changes with their commits, as plain data. */
export function historyJson(
  series: readonly Series[],
  { changes, tooShort, leastRuns }: HistoryChanges,
  margin: number,
): object {
  return {
    schemaVersion: 1,
    margin,
    leastRuns,
    tooShort: tooShort.length,
    changes: changes.map((change) => {
      const { series: one, kind, ratio, between, nearest } = change;
      const commits = (points: typeof between) => points.map(({ run }) => run.commit.id);
      return {
        ...identityOf(one),
        kind,
        ratio,
        between: commits(between),
        nearest: commits(nearest),
        ...sidesOf(change),
      };
    }),
    series: series.map((one) => ({
      ...identityOf(one),
      points: one.points.map(({ run, row }) => {
        const { speedup, efficiency, timeMs, baselineTimeMs } = row;
        return {
          commit: run.commit,
          measuredAt: run.measuredAt,
          node: run.node,
          speedup,
          efficiency,
          timeMs,
          baselineTimeMs,
        };
      }),
    })),
  };
}

function identityOf({ experiment, group, variant, place, profile, work }: Series) {
  return { experiment, group, variant, place, profile, work };
}
