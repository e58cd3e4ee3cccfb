/** A picture of an experiment, as its author declares it. */
import type { Row } from './row.ts';

/** A figure of a row: one of its own fields, or a metric by its name. */
export type Figure = 'medianMs' | 'boundMs' | 'efficiency' | 'speedup' | (string & {});

/** One line, or stack of bars, of a chart. */
export interface Series {
  readonly figure: Figure;
  /** Names it where a chart has several. */
  readonly title: string;
  /** Divides the figure by that of the row with this id in the same group. */
  readonly relativeTo?: string;
  /** Which axis it belongs to; the left one, where left out. */
  readonly axis?: 'left' | 'right';
}

export interface Axis {
  /** With its unit. */
  readonly title: string;
  readonly scale: 'linear' | 'log';
}

/** A picture of an experiment, as data: it stands in the record, so that charts need the record alone. */
export type Chart = {
  /** Names its file. */
  readonly view: string;
  /** Only rows of these groups; all, where left out. */
  readonly groups?: readonly string[];
} & (
  | /** A bar for each variant's speedup, with its interval and a mark where the bound lies. */
  { readonly kind: 'speedup' }
  /** A bar for each request from arrival to release, and for CPU work, a panel for each variant. */
  | { readonly kind: 'timeline' }
  /** A point for each row, joined to a line for each group or each variant. */
  | {
      readonly kind: 'lines';
      readonly line: 'group' | 'variant';
      readonly x: Axis & { readonly figure?: Figure; readonly parameter?: string };
      readonly left: Axis;
      readonly right?: Axis;
      readonly series: readonly Series[];
      /** Draws the bound as a faint line; for times only. */
      readonly bound?: boolean;
    }
  /** Bars stacked to one for each variant. */
  | { readonly kind: 'bars'; readonly x: Axis; readonly series: readonly Series[] }
  /** Throughput against a parameter, with the Universal Scalability Law fitted to it, and the closed-system bound. */
  | { readonly kind: 'scalability'; readonly parameter: string; readonly title: string }
);

/** A chart as its experiment declares it. */
export type DeclaredChart = Chart & {
  /**
   * What it shows, in one sentence made from the rows that it shows. Where left out or empty: the experiment's finding, if
   * the chart shows all rows, or else a general sentence.
   */
  says?(rows: readonly Row[]): string;
};
