import type { Chart, Plugin } from 'chart.js';
import { fontOf, widestText } from './labels.ts';
import type { Palette } from './palette.ts';
import { drawLine, drawOver, fontSized, NARROW_WIDTH } from './style.ts';

/** Which end of the lines has their names. */
export type Side = 'left' | 'right';

const LINE_HEIGHT = 15;
/** From the last point to its name: room for a short line that leads there. */
const LEADER_WIDTH = 22;
/** A line that ends so far from the edge, as a share of the width, ends early. */
const EARLY_END = 0.3;

const nameFont = () => fontSized(12);

/** A dataset with what Chart.js does not know of it: whether its name stands at its end, where the picture has room. */
export interface NamedDataset {
  readonly label?: string;
  readonly namedAtEnd?: boolean;
}

/** Whether a picture has room for names at the ends of its lines. */
function hasRoom({ width }: Chart): boolean {
  return width >= NARROW_WIDTH;
}

/** Whether a legend must name a dataset: no name stands at its end. */
export function isInLegend(chart: Chart, dataset: number): boolean {
  return !hasRoom(chart) || (chart.data.datasets[dataset] as NamedDataset).namedAtEnd !== true;
}

/**
 * Whether a line ends so near to an edge that its name can stand there: what would lead from an early end to the edge would
 * look like a line itself.
 *
 * @param end where the line ends, and `from` and `to` where the axis does, as the axis measures
 */
export function reachesEdge(end: number, edge: number, length: number): boolean {
  return length === 0 || Math.abs(edge - end) <= length * EARLY_END;
}

/** An axis without numbers that keeps room for names beside a chart; none where a legend names the lines instead. */
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
  /** Where its line ends, in pixels. */
  readonly x: number;
  readonly y: number;
  readonly colour: string;
}

/** Writes the name of each line that has it there at its end: beside the chart, moved up or down where it would cover another. */
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

/** Each line that has a name, from the topmost down. */
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
 * Places for lines of text as near as possible to where they belong, none nearer to the next than a line is high.
 *
 * @param wanted in ascending order, in pixels
 */
export function spread(wanted: readonly number[], top: number, bottom: number): number[] {
  // Neighbours that touch are one block, which lies where its members want to be on average.
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
