import type { ChartDataset } from 'chart.js';
import { unitOf } from '../../findings/metrics.ts';
import { formatFigure } from '../../findings/numbers.ts';
import { joinNames } from '../../report/text.ts';
import { axisOf, heightOfLines } from '../axes.ts';
import type { Axis, Series } from '../fields.ts';
import { rowsOf } from '../figure-of.ts';
import { legend } from '../legend.ts';
import { gutterFor, isInLegend, namesAtEnds, reachesEdge, type Side } from '../line-names.ts';
import { colourOf, type Palette, roundOfColours } from '../palette.ts';
import type { ChartDrawer, Drawable, Picture, Scene } from '../picture.ts';
import {
  BOUND_NAME,
  boundLook,
  errorBars,
  floorMark,
  PEER_CAPTION,
  points as pointsAs,
  shapeOf,
} from '../style.ts';
import type { LinesChart } from './kind.ts';
import { type Line, linesOf, type Point } from './points.ts';

export default {
  draw,
  scaleOf: ({ x, left }) => ([x, left].some(({ scale }) => scale === 'log') ? 'log' : null),
} satisfies ChartDrawer<LinesChart>;

/** A dataset of Chart.js with its tooltips. */
interface Part {
  readonly name: string;
  readonly series: Series;
  readonly dataset: ChartDataset;
}

/** Bounds further above the measured points are cut off, since they would flatten the lines. */
const MOST_ROOM_FOR_BOUNDS = 3;

/**
 * Draws a point per row, joined to lines by group or by variant, and the bound as a faint line. Floors are marks of their
 * own. A selected round adds a diamond for its time.
 */
function draw(declared: LinesChart, { record, rows: allRows, palette, view }: Scene): Picture {
  const chart = view.otherScale === true ? withLinearAxes(declared) : declared;
  const inRound = view.round?.timeMs ?? (() => null);
  // A line may be relative to a row that is not on any line.
  const rows = rowsOf(allRows, chart.groups);
  const lines = linesOf(chart, rows, inRound);
  const joined = lines.filter(({ floor }) => !floor);
  const side = sideOfNames(joined, chart.left);
  // Two axes leave no room for names at the sides.
  const named = chart.right === undefined && joined.length > 1;
  const atEnds = named ? linesAtEdge(joined, chart.x, side) : [];
  const titles = atEnds.map(({ title }) => title);
  const bounds = joined.flatMap((line) => boundPart(line, palette));
  const parts = [
    ...lines.map((line) =>
      line.floor ? floorPart(line, chart.line, palette) : linePart(line, atEnds.includes(line), palette),
    ),
    ...bounds,
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
    height: heightOfLines(titles.length),
    caption: captionOf(chart, lines),
    reading: readingOf(chart),
    configuration: {
      type: 'lineWithErrorBars' as 'line',
      data: { datasets: parts.map(({ dataset }) => dataset) },
      options: {
        layout: { padding: 14 },
        plugins: {
          // The title of the axis already names a single line.
          ...legend(
            palette,
            (drawn, dataset) => (lines.length > 1 || bounds.length > 0) && isInLegend(drawn, dataset),
          ),
          tooltip: {
            callbacks: {
              label: ({ datasetIndex, parsed }) =>
                tooltipOf(parts[datasetIndex]!, parsed.y ?? 0, record.metrics),
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

function tooltipOf(
  { name, series: { figure, relativeTo } }: Part,
  value: number,
  metrics: Drawable['metrics'],
): string {
  return `${name}: ${formatFigure(relativeTo === undefined ? unitOf(figure, metrics) : 'count', value)}`;
}

function linePart(
  { name, title, series, place, peer, points }: Line,
  namedAtEnd: boolean,
  palette: Palette,
): Part {
  const right = series.axis === 'right';
  const dataset = {
    label: title,
    namedAtEnd,
    data: dataOf(points),
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

/** A floor has a line only where a variant has one. */
function floorPart({ name, series, points }: Line, line: LinesChart['line'], palette: Palette): Part {
  const dataset = {
    ...floorMark(palette),
    data: dataOf(points),
    yAxisID: series.axis ?? 'left',
    showLine: line === 'variant',
    borderDash: [1, 3],
    ...errorBars(6, palette),
  };
  return { name, series, dataset: dataset as unknown as ChartDataset };
}

/** Points with their intervals, in the format of chartjs-chart-error-bars. */
function dataOf(points: readonly Point[]) {
  return points.map(({ x, y, interval }) => ({
    x,
    y,
    yMin: interval?.low ?? null,
    yMax: interval?.high ?? null,
  }));
}

function boundPart(line: Line, palette: Palette): Part[] {
  const look = { label: BOUND_NAME, ...boundLook(palette) };
  return furtherPart(line, 'the bound', ({ bound }) => bound, look);
}

function singlePart(line: Line, palette: Palette): Part[] {
  const look = {
    label: '',
    showLine: false,
    backgroundColor: palette.ink,
    borderColor: colourOf(line.place, palette),
    ...pointsAs(6, 'rectRot'),
  };
  return furtherPart(line, 'in this round', ({ single }) => single, look);
}

/** A further dataset at those points of a line that have a value for it. */
function furtherPart(
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
  const dataset = { data, yAxisID: series.axis ?? 'left', ...look };
  return [{ name: `${name}, ${what}`, series, dataset: dataset as ChartDataset }];
}

/** Lines that have a name and end near the edge, where the name can stand. */
function linesAtEdge(lines: readonly Line[], { scale }: Axis, side: Side): Line[] {
  const placeOf = ({ x }: Point) => (scale === 'log' ? Math.log(x) : x);
  const places = lines.flatMap(({ points }) => points.map(placeOf));
  const [least, most] = [Math.min(...places), Math.max(...places)];
  return lines.filter(({ title, points }) => {
    const end = placeOf(points.at(side === 'right' ? -1 : 0)!);
    return title !== '' && reachesEdge(end, side === 'right' ? most : least, most - least);
  });
}

/** Names stand on the side where the lines are further apart. */
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
      some(({ bound }) => bound !== null) ? `Grey: what is physically possible (${BOUND_NAME}).` : '',
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

function rightAxis(axis: Axis, palette: Palette) {
  return { ...axisOf(axis, palette), position: 'right' as const, grid: { display: false } };
}

function withLinearAxes(chart: LinesChart): LinesChart {
  return { ...chart, x: { ...chart.x, scale: 'linear' }, left: { ...chart.left, scale: 'linear' } };
}
