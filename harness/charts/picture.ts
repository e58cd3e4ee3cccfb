import type { ChartConfiguration } from 'chart.js';
import type { Row } from '../model/row.ts';
import type { RunRecord } from '../record/schema.ts';
import type { Palette } from './palette.ts';

/** A chart and the size at which it is legible, in CSS pixels. */
export interface Picture {
  readonly width: number;
  /** The height of the chart without title and caption. */
  readonly height: number;
  /** One or two sentences about the contents. */
  readonly caption: string;
  /** How to read it, for people who have never seen such a chart. */
  readonly reading: string;
  /** Without title and caption, which a page sets as text. */
  readonly configuration: ChartConfiguration;
}

/** A picture with its title. */
export interface TitledPicture {
  readonly title: string;
  readonly picture: Picture;
}

/** The parts of a record that pictures use. */
export type Drawable = Pick<RunRecord, 'experiment' | 'charts' | 'metrics' | 'variants' | 'traces'>;

/** A single round: the times of its rows in ms, and their speedups; null for a missing row. */
export interface SingleRound {
  timeMs(row: Row): number | null;
  speedup(row: Row): number | null;
}

/** A part of the time, in ms since the start. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The choices of a person who looks at a picture. */
export interface View {
  /** The visible part of the time, in a picture that can scroll in time. */
  readonly window?: TimeWindow | undefined;
  /** A single round to show next to the result of all rounds. */
  readonly round?: SingleRound | undefined;
  /** Makes logarithmic axes linear; makes the linear axis of speedups logarithmic. */
  readonly otherScale?: boolean;
}

/** The input of a picture besides its chart. */
export interface Scene {
  readonly record: Drawable;
  /** All rows of the experiment. */
  readonly rows: readonly Row[];
  readonly palette: Palette;
  readonly view: View;
}

/** Draws charts of one kind: the default export of its `draw.ts`, which only reports and pages load. */
export interface ChartDrawer<Chart = never> {
  draw(chart: Chart, scene: Scene): Picture;
  /** The default scale of its axes; left out or null if the scale cannot be changed. */
  scaleOf?(chart: Chart): 'linear' | 'log' | null;
  /** For a picture that can scroll in time: the part shown first, and the end of the time, in ms. */
  timeOf?(chart: Chart, record: Drawable): { readonly window: TimeWindow; readonly endMs: number };
}
