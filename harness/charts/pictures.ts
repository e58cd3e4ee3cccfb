import type { Chart } from '../model/chart.ts';
import type { Row } from '../model/row.ts';
import type { RunRecord } from '../record/schema.ts';
import type { ExperimentSummary } from '../report/summary.ts';
import { barsPicture } from './bars/draw.ts';
import { isOnLine, linesPicture } from './lines/draw.ts';
import type { Picture, TitledPicture } from './picture.ts';
import { scalabilityPicture } from './scalability/draw.ts';
import { speedupPicture } from './speedup/draw.ts';
import { timelinePicture } from './timeline/draw.ts';
import { isTraced, type TimeWindow, type Traced } from './timeline/panels.ts';

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

function membersOf({ groups }: Chart, rows: readonly Row[]): Row[] {
  return rows.filter(({ group }) => groups?.includes(group) ?? true);
}

/** The rows that a chart shows, of all that its experiment has. */
export function shownRows(chart: Chart, record: Traced, rows: readonly Row[]): Row[] {
  const members = membersOf(chart, rows);
  switch (chart.kind) {
    case 'timeline':
      return members.filter((row) => isTraced(record, row));
    case 'lines':
      return members.filter((row) => isOnLine(chart, row));
    case 'scalability':
      return members.filter(({ peer }) => !peer);
    case 'speedup':
      return members.filter(({ baseline, sameWork }) => baseline || sameWork);
    case 'bars':
      return members;
  }
}

/** One picture of an experiment that has rows. */
export function pictureOf(
  chart: Chart,
  record: Drawable,
  { rows: all }: Pick<Drawn, 'rows'>,
  { window, round, otherScale = false }: View = {},
): Picture {
  const rows = shownRows(chart, record, all);
  switch (chart.kind) {
    case 'speedup':
      return speedupPicture(rows, otherScale ? 'log' : 'linear', round?.speedup);
    case 'timeline':
      return timelinePicture(record, rows, chart.groups, window);
    case 'lines':
      // A line may be relative to a row that is on none.
      return linesPicture(otherScale ? withLinearAxes(chart) : chart, membersOf(chart, all), round?.timeMs);
    case 'bars':
      return barsPicture(chart, rows);
    case 'scalability':
      return scalabilityPicture(chart, rows, otherScale ? 'linear' : 'log');
  }
}

function withLinearAxes(chart: Extract<Chart, { kind: 'lines' }>): typeof chart {
  return { ...chart, x: { ...chart.x, scale: 'linear' }, left: { ...chart.left, scale: 'linear' } };
}
