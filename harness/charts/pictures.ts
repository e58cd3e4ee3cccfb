/** The pictures of an experiment, with charts of any kind. */
import type { Chart } from '../model/chart.ts';
import type { ExperimentSummary } from '../report/summary.ts';
import { PALETTES, type Palette } from './palette.ts';
import type { ChartDrawer, Drawable, Picture, Scene, TitledPicture, View } from './picture.ts';

/** Drawers by the names of their kinds. */
export type Drawers = ReadonlyMap<string, ChartDrawer>;

/** The parts of an experiment's summary that pictures use. */
export type Drawn = Pick<ExperimentSummary, 'rows' | 'chartTitles'>;

/** Draws charts of every kind, in the colours of one palette. */
export interface Painter {
  /** One picture of an experiment that has rows. */
  picture(chart: Chart, record: Drawable, drawn: Pick<Drawn, 'rows'>, view?: View): Picture;
  /**
   * The pictures of one experiment, in the order of its charts.
   *
   * @returns each with its file's name, without an ending: `<experiment>` for the first, `<experiment>-<view>` for
   *   others; an empty list if no round was finished
   */
  pictures(record: Drawable, drawn: Drawn): (TitledPicture & { name: string })[];
  /** The default scale of a picture's axes; null if it cannot be changed. */
  scaleOf(chart: Chart): 'linear' | 'log' | null;
  /** For a picture that can scroll in time: the part shown first, and the end of the time; otherwise undefined. */
  timeOf(chart: Chart, record: Drawable): ReturnType<NonNullable<ChartDrawer['timeOf']>> | undefined;
}

/** Its methods throw if the kind of a chart is unknown. */
export function createPainter(drawers: Drawers, palette: Palette = PALETTES.light): Painter {
  const drawerOf = ({ kind }: Chart): ChartDrawer<Chart> => {
    const drawer = drawers.get(kind);
    if (drawer === undefined)
      throw new Error(`There is no chart kind "${kind}"; there are ${[...drawers.keys()].join(', ')}.`);
    return drawer as ChartDrawer<Chart>;
  };
  const picture: Painter['picture'] = (chart, record, { rows }, view = {}) => {
    const scene: Scene = { record, rows, palette, view };
    return drawerOf(chart).draw(chart, scene);
  };
  return {
    picture,
    pictures(record, drawn) {
      if (drawn.rows.length === 0) return [];
      const { id } = record.experiment;
      return record.charts.map((chart, index) => ({
        name: index === 0 ? id : `${id}-${chart.view}`,
        title: drawn.chartTitles[chart.view] ?? '',
        picture: picture(chart, record, drawn),
      }));
    },
    scaleOf: (chart) => drawerOf(chart).scaleOf?.(chart) ?? null,
    timeOf: (chart, record) => drawerOf(chart).timeOf?.(chart, record),
  };
}
