/** Joins rows to the lines of a picture. */
import type { Row } from '../../model/row.ts';
import { joinNames } from '../../report/text.ts';
import type { Series } from '../fields.ts';
import { boundValue, seriesInterval, seriesValue } from '../figures.ts';
import { FLOOR_NAME, PEER_MARK } from '../style.ts';
import type { LinesChart } from './kind.ts';
import { placeOnAxis } from './on-line.ts';

/** One line of the picture: the rows it joins, in ascending order of x. */
export interface Line {
  readonly name: string;
  /** Its name beside the chart or in the legend; empty if the caption names it. */
  readonly title: string;
  readonly series: Series;
  /** Its place in the order of colours. */
  readonly place: number;
  readonly peer: boolean;
  /** Whether its rows are floors, which are drawn as marks of their own. */
  readonly floor: boolean;
  readonly points: readonly Point[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly bound: number | null;
  /** The value in the selected round, if there is one. */
  readonly single: number | null;
}

/**
 * The lines of a chart, each with its points from left to right.
 *
 * @param inRound the time of a row in a single round, in ms, or null
 */
export function linesOf(
  chart: LinesChart,
  rows: readonly Row[],
  inRound: (row: Row) => number | null,
): Line[] {
  // A peer has its own line.
  const keyOf = ({ variant, group, peer }: Row) => {
    if (peer === null) return chart.line === 'variant' ? variant : group;
    return `${chart.line === 'variant' ? variant : `${peer} ${group}`}${PEER_MARK}`;
  };
  const drawn = rows.filter(({ floor }) => !floor);
  const keys = [...new Set(drawn.map(keyOf))];
  const several = { keys: keys.length > 1, series: chart.series.length > 1 };
  // If a line is a variant, its peers share its colour and have no name: there are too few colours.
  const placeOf = (key: string) => {
    const nearest = rows.find((row) => keyOf(row) === key)?.nearest?.variant;
    return keys.indexOf(chart.line === 'variant' && nearest !== undefined ? nearest : key);
  };
  const isUnnamed = (key: string) => chart.line === 'variant' && key.endsWith(PEER_MARK);
  const nameOf = (key: string, series: Series) =>
    joinNames([several.keys || !several.series ? key : '', several.series ? series.title : ''], ', ');
  const lines = keys.flatMap((key) =>
    chart.series.map((series, index) => ({
      name: nameOf(key, series),
      title: isUnnamed(key) ? '' : nameOf(key, series),
      series,
      place: placeOf(key) * chart.series.length + index,
      peer: rows.some((row) => row.peer !== null && keyOf(row) === key),
      floor: false,
      points: pointsOf(
        chart,
        drawn.filter((row) => keyOf(row) === key),
        { rows, series, inRound },
      ),
    })),
  );
  const floors = [...Map.groupBy(rows, keyOf)].flatMap(([key, members]) =>
    chart.series.map((series) => ({
      ...{
        name: `${nameOf(key, series)} (floor)`,
        title: FLOOR_NAME,
        series,
        place: 0,
        peer: false,
        floor: true,
      },
      points: pointsOf(
        chart,
        members.filter(({ floor }) => floor),
        { rows, series, inRound },
      ),
    })),
  );
  return [...lines, ...floors].filter(({ points }) => points.length > 0);
}

function pointsOf(
  { x: axis, bound: drawsBound = true }: LinesChart,
  own: readonly Row[],
  { rows, series, inRound }: { rows: readonly Row[]; series: Series; inRound: (row: Row) => number | null },
): Point[] {
  const points = own.flatMap((row): Point[] => {
    const x = placeOnAxis(axis, row);
    const y = seriesValue(rows, row, series);
    if (x === null || y === null) return [];
    const singleMs = series.figure === 'medianMs' ? inRound(row) : null;
    const single = singleMs === null ? null : (y * singleMs) / row.medianMs;
    const bound = drawsBound ? boundValue(rows, row, series) : null;
    return [{ x, y, interval: seriesInterval(rows, row, series), bound, single }];
  });
  return points.sort((one, other) => one.x - other.x);
}
