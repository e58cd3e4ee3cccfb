import type { ChartConfiguration } from 'chart.js';
import type { Row } from '../model/row.ts';
import type { RunRecord } from '../record/schema.ts';
import type { Palette } from './palette.ts';

/** A chart and the size at which it is legible, in CSS pixels. */
export interface Picture {
  readonly width: number;
  /** Of the chart alone: a title and a caption come on top. */
  readonly height: number;
  /** What is drawn, in a sentence or two. */
  readonly caption: string;
  /** How somebody who has never seen such a chart reads it. */
  readonly reading: string;
  /** Without title and caption, which a page sets as text. */
  readonly configuration: ChartConfiguration;
}

/** A picture with what it shows. */
export interface TitledPicture {
  readonly title: string;
  readonly picture: Picture;
}

/** What of a record pictures are made of. */
export type Drawable = Pick<RunRecord, 'experiment' | 'charts' | 'metrics' | 'variants' | 'traces'>;

/** A single round: the times of its rows in ms, and their speedups; null for a row that it lacks. */
export interface SingleRound {
  timeMs(row: Row): number | null;
  speedup(row: Row): number | null;
}

/** A part of the time, in ms since the start. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What somebody who looks at a picture may ask for. */
export interface View {
  /** What of the time is shown, of a picture that can be moved in time. */
  readonly window?: TimeWindow | undefined;
  /** Shown beside all of them. */
  readonly round?: SingleRound | undefined;
  /** Logarithmic axes as linear ones; that of speedups, which is linear, the other way round. */
  readonly otherScale?: boolean;
}

/** All that a picture is made of besides its chart. */
export interface Scene {
  readonly record: Drawable;
  /** All rows of the experiment. */
  readonly rows: readonly Row[];
  readonly palette: Palette;
  readonly view: View;
}

/** How charts of one kind are drawn: the default export of its `draw.ts`, for reports and pages alone. */
export interface ChartDrawer<Chart = never> {
  draw(chart: Chart, scene: Scene): Picture;
  /** How its axes are where nobody asked for others; where left out there is no choice, as where it is null. */
  scaleOf?(chart: Chart): 'linear' | 'log' | null;
  /** Where the picture can be moved in time: which part is shown at first, and up to when there is more, in ms. */
  timeOf?(chart: Chart, record: Drawable): { readonly window: TimeWindow; readonly endMs: number };
}
