import type { Chart, Plugin } from 'chart.js';
import { fontOf, widestText } from './labels.ts';
import type { Palette } from './palette.ts';
import { drawLine, drawOver, fontSized, NARROW_WIDTH } from './style.ts';

/** The end of the lines that has their names. */
export type Side = 'left' | 'right';

const LINE_HEIGHT = 15;
/** The distance from the last point to its name, which a short line crosses. */
const LEADER_WIDTH = 22;
/** A line ends early if its end is this far from the edge, as a share of the width. */
const EARLY_END = 0.3;

const nameFont = () => fontSized(12);

/** A dataset with one more option: whether its name stands at its end if the picture has room. */
export interface NamedDataset {
  readonly label?: string;
  readonly namedAtEnd?: boolean;
}

/** Whether a picture has room for names at the ends of its lines. */
function hasRoom({ width }: Chart): boolean {
  return width >= NARROW_WIDTH;
}

/** Whether a legend must name a dataset, because no name stands at its end. */
export function isInLegend(chart: Chart, dataset: number): boolean {
  return !hasRoom(chart) || (chart.data.datasets[dataset] as NamedDataset).namedAtEnd !== true;
}

/**
 * Whether a line ends near enough to an edge for its name to stand there. A connector from an early end to the edge
 * would look like data.
 *
 * @param end the end of the line, in the unit of `edge` and `length`
 */
export function reachesEdge(end: number, edge: number, length: number): boolean {
  return length === 0 || Math.abs(edge - end) <= length * EARLY_END;
}

/** An axis without numbers that reserves room for names beside a chart, unless a legend names the lines. */
export function gutterFor(names: readonly string[], side: Side) {
  return {
    type: 'linear' as const,
    position: side,
    display: (({ chart }: { chart: Chart }) => hasRoom(chart)) as unknown as boolean,
    grid: { display: false },
    border: { display: false },
    ticks: { display: false },
    afterFit(scale: { chart: Chart; width: number }) {
      const { chart } = scale;
      scale.width = hasRoom(chart) ? LEADER_WIDTH + 6 + widestText(chart.ctx, names, nameFont()) : 0;
    },
  };
}

interface Name {
  readonly text: string;
  /** The end of its line, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly colour: string;
}

/** Writes names beside the chart at the ends of their lines, moved up or down so that they do not overlap. */
export function namesAtEnds(side: Side, palette: Palette): Plugin {
  return drawOver('names', (chart, context) => {
    if (!hasRoom(chart)) return;
    const { left, right, top, bottom } = chart.chartArea;
    const edge = side === 'right' ? right : left;
    const outwards = side === 'right' ? 1 : -1;
    const names = namesOf(chart, side);
    context.font = fontOf(nameFont());
    context.textBaseline = 'middle';
    context.textAlign = side === 'right' ? 'left' : 'right';
    context.fillStyle = palette.ink;
    const places = spread(
      names.map(({ y }) => y),
      top + LINE_HEIGHT / 2,
      bottom - LINE_HEIGHT / 2,
    );
    for (const [index, { text, x, y, colour }] of names.entries()) {
      const at = places[index]!;
      context.strokeStyle = colour;
      drawLine(context, 1, x + 6 * outwards, y, edge + 8 * outwards, y);
      drawLine(context, 1, edge + 8 * outwards, y, edge + (LEADER_WIDTH - 4) * outwards, at);
      context.fillText(text, edge + LEADER_WIDTH * outwards, at);
    }
  });
}

/** Each line that has a name, from top to bottom. */
function namesOf(chart: Chart, side: Side): Name[] {
  const names = chart.data.datasets.flatMap((dataset, index) => {
    const { label = '', borderColor } = dataset;
    const points = chart.getDatasetMeta(index).data;
    const end = side === 'right' ? points.at(-1) : points[0];
    if (end === undefined || !chart.isDatasetVisible(index) || !(dataset as NamedDataset).namedAtEnd)
      return [];
    const { x, y } = end.getProps(['x', 'y'], true);
    return [{ text: label, x, y, colour: String(borderColor) }];
  });
  return names.sort((one, other) => one.y - other.y);
}

/**
 * Places lines of text as near as possible to their wanted places, at least one line height apart.
 *
 * @param wanted in ascending order, in pixels
 */
export function spread(wanted: readonly number[], top: number, bottom: number): number[] {
  // Neighbours that touch form a block, which lies at the mean of its members' wanted places.
  const blocks: { size: number; sum: number }[] = [];
  const startOf = ({ size, sum }: { size: number; sum: number }) => {
    const free = sum / size - ((size - 1) * LINE_HEIGHT) / 2;
    return Math.max(top, Math.min(free, bottom - (size - 1) * LINE_HEIGHT));
  };
  for (const place of wanted) {
    blocks.push({ size: 1, sum: place });
    for (;;) {
      const [above, below] = blocks.slice(-2);
      if (above === undefined || below === undefined) break;
      if (startOf(above) + above.size * LINE_HEIGHT <= startOf(below)) break;
      blocks.splice(-2, 2, { size: above.size + below.size, sum: above.sum + below.sum });
    }
  }
  return blocks.flatMap((block) => {
    const start = startOf(block);
    return Array.from({ length: block.size }, (_, index) => start + index * LINE_HEIGHT);
  });
}
