import type { Chart } from '../../model.ts';
import type { RunRecord } from '../../record.ts';
import type { ExperimentSummary } from '../summary.ts';
import type { Picture } from './picture.ts';
import { speedupPicture } from './speedup.ts';
import { timelinePicture } from './timeline.ts';

/**
 * The pictures of one experiment, in the order in which it names them.
 *
 * @returns each with its file's name: `<experiment>.png` for the first, `<experiment>-<view>.png` for others;
 *   none where no round was finished
 */
export function picturesOf(
  record: RunRecord,
  { rows, finding }: ExperimentSummary,
): { name: string; picture: Picture }[] {
  if (rows.length === 0) return [];
  const { id } = record.experiment;
  return record.charts.map((chart, index) => ({
    name: index === 0 ? `${id}.png` : `${id}-${chart.view}.png`,
    picture: pictureOf(chart, record, { rows, finding }),
  }));
}

function pictureOf(
  chart: Chart,
  record: RunRecord,
  { rows, finding }: Pick<ExperimentSummary, 'rows' | 'finding'>,
): Picture {
  switch (chart.view) {
    case 'speedup':
      return speedupPicture(rows, finding);
    case 'timeline':
      return timelinePicture(record, finding);
  }
}
