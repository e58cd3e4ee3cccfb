import type { Chart } from '../../model.ts';
import type { RunRecord } from '../../record.ts';
import type { ExperimentSummary } from '../summary.ts';
import { barsPicture } from './bars.ts';
import { rowsOf } from './figures.ts';
import { linesPicture } from './lines.ts';
import type { Picture } from './picture.ts';
import { scalabilityPicture } from './scalability.ts';
import { speedupPicture } from './speedup.ts';
import { timelinePicture } from './timeline.ts';

/** What of a record pictures are made of. */
export type Drawable = Pick<RunRecord, 'experiment' | 'charts' | 'variants' | 'traces'>;

/**
 * The pictures of one experiment, in the order in which it names them.
 *
 * @returns each with its file's name: `<experiment>.png` for the first, `<experiment>-<view>.png` for others;
 *   none where no round was finished
 */
export function picturesOf(
  record: Drawable,
  { rows, finding }: Pick<ExperimentSummary, 'rows' | 'finding'>,
): { name: string; picture: Picture }[] {
  if (rows.length === 0) return [];
  const { id } = record.experiment;
  return record.charts.map((chart, index) => ({
    name: index === 0 ? `${id}.png` : `${id}-${chart.view}.png`,
    picture: pictureOf(chart as Chart, record, { rows, finding }),
  }));
}

function pictureOf(
  chart: Chart,
  record: Drawable,
  { rows, finding }: Pick<ExperimentSummary, 'rows' | 'finding'>,
): Picture {
  switch (chart.kind) {
    case 'speedup':
      return speedupPicture(rowsOf(rows, chart.groups), finding);
    case 'timeline':
      return timelinePicture(record, finding, chart.groups);
    case 'lines':
      return linesPicture(chart, rows, finding);
    case 'bars':
      return barsPicture(chart, rows, finding);
    case 'scalability':
      return scalabilityPicture(chart, rows, finding);
  }
}
