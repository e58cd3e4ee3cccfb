import type { Chart, Row } from '../../model.ts';
import type { RunRecord } from '../../record.ts';
import type { ExperimentSummary } from '../summary.ts';
import { barsPicture } from './bars.ts';
import { rowsOf } from './figures.ts';
import { linesPicture } from './lines.ts';
import type { TimeWindow } from './panels.ts';
import type { Picture, TitledPicture } from './picture.ts';
import { scalabilityPicture } from './scalability.ts';
import { speedupPicture } from './speedup.ts';
import { timelinePicture } from './timeline.ts';

/** What of a record pictures are made of. */
export type Drawable = Pick<RunRecord, 'experiment' | 'charts' | 'variants' | 'traces'>;

/** What of an experiment's summary pictures are made of. */
export type Drawn = Pick<ExperimentSummary, 'rows' | 'chartTitles'>;

/** A single round: the times of its rows in ms, and their speedups; null for a row that it lacks. */
export interface SingleRound {
  timeMs(row: Row): number | null;
  speedup(row: Row): number | null;
}

/** What somebody who looks at a picture may ask for. */
export interface View {
  /** What of the time a timeline shows. */
  readonly window?: TimeWindow | undefined;
  /** Shown beside all of them. */
  readonly round?: SingleRound | undefined;
  /** Logarithmic axes as linear ones; that of speedups, which is linear, the other way round. */
  readonly otherScale?: boolean;
}

/** How a picture's axes are where nobody asked for others; null where there is no choice. */
export function scaleOf(chart: Chart): 'linear' | 'log' | null {
  if (chart.kind === 'speedup') return 'linear';
  if (chart.kind === 'scalability') return 'log';
  return chart.kind === 'lines' && [chart.x, chart.left].some(({ scale }) => scale === 'log') ? 'log' : null;
}

/**
 * The pictures of one experiment, in the order in which it names them.
 *
 * @returns each with its file's name, without an ending: `<experiment>` for the first, `<experiment>-<view>` for others;
 *   none where no round was finished
 */
export function picturesOf(record: Drawable, drawn: Drawn): (TitledPicture & { name: string })[] {
  if (drawn.rows.length === 0) return [];
  const { id } = record.experiment;
  return record.charts.map((chart, index) => ({
    name: index === 0 ? id : `${id}-${chart.view}`,
    title: drawn.chartTitles[chart.view] ?? '',
    picture: pictureOf(chart as Chart, record, drawn),
  }));
}

/** One picture of an experiment that has rows. */
export function pictureOf(
  chart: Chart,
  record: Drawable,
  { rows }: Pick<Drawn, 'rows'>,
  { window, round, otherScale = false }: View = {},
): Picture {
  switch (chart.kind) {
    case 'speedup':
      return speedupPicture(rowsOf(rows, chart.groups), otherScale ? 'log' : 'linear', round?.speedup);
    case 'timeline':
      return timelinePicture(record, rows, chart.groups, window);
    case 'lines':
      return linesPicture(otherScale ? withLinearAxes(chart) : chart, rows, round?.timeMs);
    case 'bars':
      return barsPicture(chart, rows);
    case 'scalability':
      return scalabilityPicture(chart, rows, otherScale ? 'linear' : 'log');
  }
}

function withLinearAxes(chart: Extract<Chart, { kind: 'lines' }>): typeof chart {
  return { ...chart, x: { ...chart.x, scale: 'linear' }, left: { ...chart.left, scale: 'linear' } };
}
