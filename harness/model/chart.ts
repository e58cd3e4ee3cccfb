/** A picture of an experiment, as its author declares it. */
import type { MeasuredRows } from './finding.ts';

/** The kinds of charts by their names; each `harness/charts/<kind>/kind.ts` adds its own. */
// biome-ignore lint/suspicious/noEmptyInterface: the kinds fill it.
export interface ChartKinds {}

/** A chart of an experiment as plain data: the record contains it, so charts need only the record. */
export type Chart = ChartKinds[keyof ChartKinds];

/** A chart as its experiment declares it. */
export type DeclaredChart = Chart & {
  /**
   * The title: one sentence of at most 120 characters about the shown rows. If left out or empty, the title is the headline
   * of the finding for a chart of all rows, or else a general sentence.
   */
  says?(rows: MeasuredRows): string;
};
