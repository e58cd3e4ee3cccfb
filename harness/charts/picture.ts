import type { ChartConfiguration } from 'chart.js';

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
