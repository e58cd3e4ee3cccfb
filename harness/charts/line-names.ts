import type { Chart, Plugin } from 'chart.js';
import type { Palette } from './palette.ts';
import { drawLine, drawOver, FONT_FAMILY, NARROW_WIDTH } from './style.ts';

/** Which end of the lines has their names. */
export type Side = 'left' | 'right';

const LINE_HEIGHT = 15;
/** From the last point to its name: room for a short line that leads there. */
const LEADER_WIDTH = 22;
/** Of a letter of 12 pixels, on average, rounded up. */
const LETTER_WIDTH = 6.6;
/** A line that ends so far from the edge, as a share of the width, ends early. */
const EARLY_END = 0.3;

/** An axis without numbers that keeps room for names beside a chart; none where a legend names the lines instead. */
export function gutterFor(names: readonly string[], side: Side) {
  const widthPx = LEADER_WIDTH + 6 + LETTER_WIDTH * Math.max(0, ...names.map((name) => name.length));
  return {
    type: 'linear' as const,
    position: side,
    grid: { display: false },
    border: { display: false },
    ticks: { display: false },
    afterFit(scale: { chart: Chart; width: number }) {
      scale.width = scale.chart.width < NARROW_WIDTH ? 0 : widthPx;
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

/** Writes each line's name at its end: beside the chart, moved up or down where it would cover another. */
export function namesAtEnds(side: Side, palette: Palette): Plugin {
  return drawOver('names', (chart, context) => {
    if (chart.width < NARROW_WIDTH) return;
    const { left, right, top, bottom } = chart.chartArea;
    const edge = side === 'right' ? right : left;
    const outwards = side === 'right' ? 1 : -1;
    const names = namesOf(chart, side);
    context.font = `12px ${FONT_FAMILY}`;
    context.textBaseline = 'middle';
    context.textAlign = side === 'right' ? 'left' : 'right';
    context.fillStyle = palette.ink;
    // The name of a line that ends early stands there: what led it to the edge would look like a line itself.
    const isEarly = ({ x }: Name) => Math.abs(edge - x) > (right - left) * EARLY_END;
    const early = names.filter(isEarly);
    const whole = names.filter((name) => !isEarly(name));
    const besides = spread(
      early.map(({ y }) => y),
      top,
      bottom,
    );
    context.strokeStyle = palette.paper;
    context.lineWidth = 4;
    for (const [index, { text, x }] of early.entries()) {
      context.strokeText(text, x + 10 * outwards, besides[index]!);
      context.fillText(text, x + 10 * outwards, besides[index]!);
    }
    const places = spread(
      whole.map(({ y }) => y),
      top + LINE_HEIGHT / 2,
      bottom - LINE_HEIGHT / 2,
    );
    for (const [index, { text, x, y, colour }] of whole.entries()) {
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
  const names = chart.data.datasets.flatMap(({ label = '', borderColor }, index) => {
    const points = chart.getDatasetMeta(index).data;
    const end = side === 'right' ? points.at(-1) : points[0];
    if (label === '' || end === undefined || !chart.isDatasetVisible(index)) return [];
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
