/** Marks and numbers on pictures, as options of chartjs-plugin-annotation. */
import type { Chart } from 'chart.js';
// Its types add its options to those of Chart.js.
import type {} from 'chartjs-plugin-annotation';
import type { Palette } from './palette.ts';
import { FONT_FAMILY } from './style.ts';

/** What the annotation plugin gives to an option that depends on the chart. */
interface Context {
  readonly chart: Chart;
}

/** A tick across a horizontal bar: at a value, on the row with this index. */
export function markOf(value: number, index: number, palette: Palette) {
  return {
    type: 'line' as const,
    xMin: value,
    xMax: value,
    yMin: index - 0.42,
    yMax: index + 0.42,
    borderColor: palette.ink,
    borderWidth: 3,
  };
}

/** A diamond at a value, on the row with this index. */
export function diamondOf(value: number, index: number, palette: Palette) {
  return {
    type: 'point' as const,
    xValue: value,
    yValue: index,
    pointStyle: 'rectRot' as const,
    radius: 7,
    backgroundColor: palette.ink,
    borderColor: palette.paper,
    borderWidth: 1.5,
  };
}

/** Width that a label takes, with some air. */
const LABEL_WIDTH = 64;

/** Where the label of a bar begins: beside its end where the bound's tick leaves room, or else beside the tick. */
export function besideBar(end: number, bound: number | null) {
  return ({ chart }: Context): number => {
    const { x: scale } = chart.scales;
    if (scale === undefined || bound === null || bound <= end) return end;
    return scale.getPixelForValue(bound) - scale.getPixelForValue(end) < LABEL_WIDTH ? bound : end;
  };
}

/** A number to the right of where it belongs, on the row with this index. */
export function valueLabel(
  content: string,
  index: number,
  xValue: number | ((context: Context) => number),
  { colour, centred = false }: { colour: string; centred?: boolean },
) {
  return {
    type: 'label' as const,
    content,
    // The plugin's own types know its context by less than it is.
    xValue: xValue as number,
    yValue: index,
    position: { x: centred ? ('center' as const) : ('start' as const), y: 'center' as const },
    xAdjust: centred ? 0 : 4,
    padding: 2,
    color: colour,
    font: { family: FONT_FAMILY, size: 13, weight: 600 as const },
  };
}
