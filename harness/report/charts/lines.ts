import type { ChartDataset, Chart as ChartJs } from 'chart.js';
import type { Axis, Chart, Row, Series } from '../../model.ts';
import { figureOf, rowsOf, seriesValue } from './figures.ts';
import type { Picture } from './picture.ts';
import {
  axisOf,
  colourOf,
  drawLine,
  drawOver,
  legend,
  PEER_CAPTION,
  PEER_MARK,
  palette,
  roundOfColours,
  titles,
} from './style.ts';

type LinesChart = Extract<Chart, { kind: 'lines' }>;

/** One line of the picture: the rows it joins, in ascending order of x. */
interface Line {
  readonly title: string;
  readonly series: Series;
  readonly colour: string;
  /** Another line has the same colour. */
  readonly repeated: boolean;
  readonly peer: boolean;
  readonly points: readonly Point[];
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly low: number | null;
  readonly high: number | null;
  readonly boundMs: number;
}

/** A point for each row, joined to lines by group or by variant, with the bound as a faint line. */
export function linesPicture(chart: LinesChart, allRows: readonly Row[], finding: string): Picture {
  const lines = linesOf(chart, rowsOf(allRows, chart.groups));
  const dataset = (line: Line, side: 'left' | 'right'): ChartDataset => ({
    label: line.title,
    data: line.points.map(({ x, y }) => ({ x, y })),
    yAxisID: side,
    borderColor: line.colour,
    backgroundColor: line.colour,
    borderWidth: 2,
    borderDash: line.peer ? [2, 3] : side === 'right' ? [6, 4] : line.repeated ? [9, 3] : [],
    pointRadius: line.peer ? 5 : line.repeated ? 4 : 3,
    pointStyle: line.peer ? 'triangle' : line.repeated ? 'rect' : 'circle',
  });
  const bounds = chart.bound === true ? lines.map(boundDataset) : [];
  return {
    width: 800,
    height: 520,
    configuration: {
      type: 'line',
      data: {
        datasets: [...lines.map((line) => dataset(line, line.series.axis ?? 'left')), ...bounds],
      },
      options: {
        layout: { padding: 14 },
        plugins: { ...legend((label) => label !== ''), ...titles(finding, captionOf(chart, lines)) },
        scales: {
          x: axisOf(chart.x),
          left: axisOf(chart.left),
          ...(chart.right === undefined ? {} : { right: rightAxis(chart.right) }),
        },
      },
      plugins: [drawOver('intervals', (drawn, context) => drawIntervals(drawn, context, lines))],
    },
  };
}

function captionOf({ bound, right, series }: LinesChart, lines: readonly Line[]): string {
  const parts = [
    ...(series.some(({ figure, relativeTo }) => figure === 'medianMs' && relativeTo === undefined)
      ? ['Whiskers: 95 % interval.']
      : []),
    ...(bound === true ? ['Grey: what is physically possible (the bound).'] : []),
    ...(right === undefined ? [] : ['Dashed lines belong to the axis on the right.']),
    ...(lines.some(({ repeated }) => repeated) ? ['Dashed with squares: a colour that is used twice.'] : []),
    ...(lines.some(({ peer }) => peer) ? [PEER_CAPTION] : []),
    ...(lines.some(({ peer, title }) => peer && title === '')
      ? ['Triangles: peers, in the colour of the nearest of ours.']
      : []),
  ];
  return parts.join(' ');
}

function linesOf(chart: LinesChart, rows: readonly Row[]): Line[] {
  // A peer has a line of its own.
  const keyOf = ({ variant, group, peer, parameters }: Row) => {
    if (!peer) return chart.line === 'variant' ? variant : group;
    return `${chart.line === 'variant' ? variant : `${parameters.peer} ${group}`}${PEER_MARK}`;
  };
  const keys = [...new Set(rows.map(keyOf))];
  const several = { keys: keys.length > 1, series: chart.series.length > 1 };
  // Where a line is a variant, its peers have its colour, and no name: there are too few colours for all.
  const placeOf = (key: string) => {
    const nearest = rows.find((row) => keyOf(row) === key)?.nearest?.variant;
    return keys.indexOf(chart.line === 'variant' && nearest !== undefined ? nearest : key);
  };
  const isUnnamed = (key: string) => chart.line === 'variant' && key.endsWith(PEER_MARK);
  const lines = keys.flatMap((key) =>
    chart.series.map((series, index) => ({ key, series, place: placeOf(key) * chart.series.length + index })),
  );
  return lines.map(({ key, series, place }) => ({
    title: isUnnamed(key)
      ? ''
      : [...(several.keys || !several.series ? [key] : []), ...(several.series ? [series.title] : [])].join(
          ', ',
        ),
    series,
    colour: colourOf(place),
    repeated: roundOfColours(place) > 0,
    peer: rows.some((row) => row.peer && keyOf(row) === key),
    points: pointsOf(
      chart,
      rows.filter((row) => keyOf(row) === key),
      rows,
      series,
    ),
  }));
}

function pointsOf(chart: LinesChart, own: readonly Row[], rows: readonly Row[], series: Series): Point[] {
  const points = own.flatMap((row): Point[] => {
    const { parameter, figure } = chart.x;
    const x =
      parameter === undefined ? figureOf(row, figure ?? 'medianMs') : Number(row.parameters[parameter]);
    const y = seriesValue(rows, row, series);
    if (x === null || y === null || !Number.isFinite(x)) return [];
    const timed = series.figure === 'medianMs' && series.relativeTo === undefined;
    const { low, high } = timed ? row.time : { low: null, high: null };
    return [{ x, y, low, high, boundMs: row.boundMs }];
  });
  return points.sort((one, other) => one.x - other.x);
}

function boundDataset(line: Line): ChartDataset {
  return {
    label: '',
    data: line.points.map(({ x, boundMs }) => ({ x, y: boundMs })),
    yAxisID: 'left',
    borderColor: palette.faint,
    borderWidth: 1.5,
    pointRadius: 0,
  };
}

function rightAxis(axis: Axis) {
  return { ...axisOf(axis), position: 'right' as const, grid: { display: false } };
}

function drawIntervals(chart: ChartJs, context: ChartJs['ctx'], lines: readonly Line[]): void {
  const { x: across, left: up } = chart.scales;
  if (across === undefined || up === undefined) return;
  context.strokeStyle = palette.ink;
  for (const { points, series } of lines)
    for (const { x, low, high } of points) {
      if (low === null || high === null || series.axis === 'right') continue;
      const [at, from, to] = [
        across.getPixelForValue(x),
        up.getPixelForValue(low),
        up.getPixelForValue(high),
      ];
      drawLine(context, 1, at, from, at, to);
    }
}
