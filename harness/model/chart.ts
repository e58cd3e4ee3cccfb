/** A picture of an experiment, as its author declares it. */
import type { MeasuredRows } from './finding.ts';

/** The kinds of charts by their names; each `harness/charts/<kind>/kind.ts` adds its own. */
// biome-ignore lint/suspicious/noEmptyInterface: the kinds fill it.
export interface ChartKinds {}

/** A picture of an experiment, as data: it stands in the record, so that charts need the record alone. */
export type Chart = ChartKinds[keyof ChartKinds];

/** A chart as its experiment declares it. */
export type DeclaredChart = Chart & {
  /**
   * What it shows, in one sentence of at most 120 characters made from the rows that it shows. Where left out or empty: the
   * headline of the finding, if the chart shows all rows, or else a general sentence.
   */
  says?(rows: MeasuredRows): string;
};
