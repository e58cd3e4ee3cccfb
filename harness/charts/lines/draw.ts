import type { ChartDataset } from 'chart.js';
import type { Row } from '../../model/row.ts';
import { formatMetric, joinNames } from '../../report/text.ts';
import type { Axis, Series } from '../fields.ts';
import { rowsOf } from '../figure-of.ts';
import { boundValue, seriesInterval, seriesValue } from '../figures.ts';
import { gutterFor, namesAtEnds, type Side } from '../line-names.ts';
import { colourOf, type Palette, roundOfColours } from '../palette.ts';
import type { ChartDrawer, Picture, Scene } from '../picture.ts';
import {
  axisOf,
  errorBars,
  legend,
  NARROW_WIDTH,
  PEER_CAPTION,
  PEER_MARK,
  points as pointsAs,
  shapeOf,
} from '../style.ts';
import type { LinesChart } from './kind.ts';
import { placeOnAxis } from './on-line.ts';

export default {
  draw,
  scaleOf: ({ x, left }) => ([x, left].some(({ scale }) => scale === 'log') ? 'log' : null),
} satisfies ChartDrawer<LinesChart>;

/** One line of the picture: the rows it joins, in ascending order of x. */
interface Line {
  readonly name: string;
  /** What stands beside it; empty where the caption says what it is. */
  readonly title: string;
  readonly series: Series;
  /** Its place in the order of colours. */
  readonly place: number;
  readonly peer: boolean;
  readonly points: readonly Point[];
}

interface Point {
  readonly x: number;
  readonly y: number;
  readonly interval: { readonly low: number; readonly high: number } | null;
  readonly bound: number | null;
  /** What a single round says, where one is looked at. */
  readonly single: number | null;
}

/** What Chart.js draws, and what somebody who points at it is told. */
interface Part {
  readonly name: string;
  readonly series: Series;
  readonly dataset: ChartDataset;
}

/** Bounds that lie further above all that was measured are cut off: they would press it to the floor. */
const MOST_ROOM_FOR_BOUNDS = 3;

/**
 * A point for each row, joined to lines by group or by variant, with the bound as a faint line, and a diamond for its time in
 * the single round that is looked at.
 */
function draw(declared: LinesChart, { rows: allRows, palette, view }: Scene): Picture {
  const chart = view.otherScale === true ? withLinearAxes(declared) : declared;
  const inRound = view.round?.timeMs ?? (() => null);
  // A line may be relative to a row that is on none.
  const rows = rowsOf(allRows, chart.groups);
  const lines = linesOf(chart, rows, inRound);
  const titles = lines.map(({ title }) => title);
  const side = sideOfNames(lines, chart.left);
  // Two axes leave no side for names.
  const named = chart.right === undefined && lines.length > 1;
  const parts = [
    ...lines.map((line) => linePart(line, palette)),
    ...lines.flatMap((line) => boundPart(line, palette)),
    ...lines.flatMap((line) => singlePart(line, palette)),
  ];
  const most = Math.max(
    ...lines.flatMap(({ points }) => points.map(({ y, interval }) => interval?.high ?? y)),
  );
  const boundsExceed = lines.some(({ points }) =>
    points.some(({ bound }) => (bound ?? 0) > most * MOST_ROOM_FOR_BOUNDS),
  );
  return {
    width: 800,
    height: 430,
    caption: captionOf(chart, lines),
    reading: readingOf(chart),
    configuration: {
      type: 'lineWithErrorBars' as 'line',
      data: { datasets: parts.map(({ dataset }) => dataset) },
      options: {
        layout: { padding: 14 },
        plugins: {
          ...legend(named ? ({ chart: drawn }) => drawn.width < NARROW_WIDTH : lines.length > 1, palette),
          tooltip: {
            callbacks: {
              label: ({ datasetIndex, parsed }) => tooltipOf(parts[datasetIndex]!, parsed.y ?? 0),
            },
          },
        },
        scales: {
          x: axisOf(chart.x, palette),
          left: {
            ...axisOf(chart.left, palette),
            ...(side === 'left' && named ? { position: 'right' as const } : {}),
            ...(boundsExceed ? { max: most * MOST_ROOM_FOR_BOUNDS } : {}),
          },
          ...(named ? { names: gutterFor(titles, side) } : {}),
          ...(chart.right === undefined ? {} : { right: rightAxis(chart.right, palette) }),
        },
      },
      plugins: named ? [namesAtEnds(side, palette)] : [],
    },
  };
}

function tooltipOf({ name, series: { figure, relativeTo } }: Part, value: number): string {
  // A ratio has no unit.
  return `${name}: ${formatMetric(relativeTo === undefined ? figure : '', value)}`;
}

function linePart({ name, title, series, place, peer, points }: Line, palette: Palette): Part {
  const right = series.axis === 'right';
  const dataset = {
    label: title,
    data: points.map(({ x, y, interval }) => ({
      x,
      y,
      yMin: interval?.low ?? null,
      yMax: interval?.high ?? null,
    })),
    yAxisID: right ? 'right' : 'left',
    borderColor: colourOf(place, palette),
    backgroundColor: colourOf(place, palette),
    borderWidth: 2,
    borderDash: peer ? [2, 3] : right ? [6, 4] : roundOfColours(place, palette) > 0 ? [9, 3] : [],
    ...pointsAs(4, shapeOf(place)),
    ...errorBars(6, palette),
  };
  return { name, series, dataset: dataset as ChartDataset };
}

function boundPart(line: Line, palette: Palette): Part[] {
  const look = { borderColor: palette.faint, borderWidth: 1.5, ...pointsAs(0), order: 1 };
  return unnamedPart(line, 'the bound', ({ bound }) => bound, look);
}

function singlePart(line: Line, palette: Palette): Part[] {
  const look = {
    showLine: false,
    backgroundColor: palette.ink,
    borderColor: colourOf(line.place, palette),
    ...pointsAs(6, 'rectRot'),
  };
  return unnamedPart(line, 'in this round', ({ single }) => single, look);
}

/** What else there is at those points of a line that have it; neither a legend nor a name beside it tells of it. */
function unnamedPart(
  { name, series, points }: Line,
  what: string,
  figureAt: (point: Point) => number | null,
  look: object,
): Part[] {
  const data = points.flatMap((point) => {
    const y = figureAt(point);
    return y === null ? [] : [{ x: point.x, y }];
  });
  if (data.length === 0) return [];
  const dataset = { label: '', data, yAxisID: series.axis ?? 'left', ...look };
  return [{ name: `${name}, ${what}`, series, dataset: dataset as ChartDataset }];
}

/** Names stand where the lines are further apart. */
function sideOfNames(lines: readonly Line[], { scale }: Axis): Side {
  const gapsAt = (end: 0 | -1) => {
    const ends = lines.flatMap(({ points }) => points.at(end)?.y ?? []);
    const heights = ends.map((y) => (scale === 'log' ? Math.log(y) : y)).sort((one, other) => one - other);
    // The sum of roots prefers many gaps to a single wide one.
    return heights.slice(1).reduce((sum, height, index) => sum + Math.sqrt(height - heights[index]!), 0);
  };
  return gapsAt(0) > gapsAt(-1) ? 'left' : 'right';
}

function captionOf({ right }: LinesChart, lines: readonly Line[]): string {
  const some = (has: (point: Point) => boolean) => lines.some(({ points }) => points.some(has));
  return joinNames(
    [
      some(({ interval }) => interval !== null) ? 'Whiskers: 95 % interval.' : '',
      some(({ bound }) => bound !== null) ? 'Grey: what is physically possible (the bound).' : '',
      right === undefined ? '' : 'Dashed lines belong to the axis on the right.',
      lines.some(({ peer }) => peer) ? PEER_CAPTION : '',
      lines.some(({ peer, title }) => peer && title === '')
        ? 'Dotted: peers, in the colour of the nearest of ours.'
        : '',
    ],
    ' ',
  );
}

function readingOf({ x, left }: LinesChart): string {
  const logarithmic = [x, left].filter(({ scale }) => scale === 'log').length;
  return (
    `From left to right: ${x.title}. From bottom to top: ${left.title}. ` +
    (logarithmic === 0
      ? ''
      : `On a logarithmic scale the same distance is the same factor${logarithmic === 2 ? ', on both axes' : ''}.`)
  );
}

function linesOf(chart: LinesChart, rows: readonly Row[], inRound: (row: Row) => number | null): Line[] {
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
  const nameOf = (key: string, series: Series) =>
    joinNames([several.keys || !several.series ? key : '', several.series ? series.title : ''], ', ');
  const lines = keys.flatMap((key) =>
    chart.series.map((series, index) => ({
      name: nameOf(key, series),
      title: isUnnamed(key) ? '' : nameOf(key, series),
      series,
      place: placeOf(key) * chart.series.length + index,
      peer: rows.some((row) => row.peer && keyOf(row) === key),
      points: pointsOf(
        chart,
        rows.filter((row) => keyOf(row) === key),
        { rows, series, inRound },
      ),
    })),
  );
  return lines.filter(({ points }) => points.length > 0);
}

function pointsOf(
  { x: axis }: LinesChart,
  own: readonly Row[],
  { rows, series, inRound }: { rows: readonly Row[]; series: Series; inRound: (row: Row) => number | null },
): Point[] {
  const points = own.flatMap((row): Point[] => {
    const x = placeOnAxis(axis, row);
    const y = seriesValue(rows, row, series);
    if (x === null || y === null) return [];
    const singleMs = series.figure === 'medianMs' ? inRound(row) : null;
    const single = singleMs === null ? null : (y * singleMs) / row.medianMs;
    return [
      { x, y, interval: seriesInterval(rows, row, series), bound: boundValue(rows, row, series), single },
    ];
  });
  return points.sort((one, other) => one.x - other.x);
}

function rightAxis(axis: Axis, palette: Palette) {
  return { ...axisOf(axis, palette), position: 'right' as const, grid: { display: false } };
}

function withLinearAxes(chart: LinesChart): LinesChart {
  return { ...chart, x: { ...chart.x, scale: 'linear' }, left: { ...chart.left, scale: 'linear' } };
}
