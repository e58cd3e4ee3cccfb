/** Marks and numbers on pictures, as options of chartjs-plugin-annotation. */
import type { Chart } from 'chart.js';
// The import adds the plugin's options to the types of Chart.js.
import type {} from 'chartjs-plugin-annotation';
import { textWidth, widestText } from './labels.ts';
import type { Palette } from './palette.ts';
import { fontSized } from './style.ts';

/** The argument of an option of the annotation plugin that depends on the chart. */
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

/** Between a mark, at most as wide as a diamond, and the first letter of its label. */
const LABEL_GAP = 9;
/** How far the widest mark behind a label reaches to its left. */
const MARK_REACH = 9;
/** Around a picture. */
const PADDING = 14;

const labelFont = () => fontSized(13, 600);

/** Padding around bars, with room to their right for the widest label, so that no label is cut. */
export function paddingBeside(labels: readonly string[]) {
  return ({ chart }: Context) => ({
    ...{ left: PADDING, top: PADDING, bottom: PADDING },
    right: PADDING + LABEL_GAP + Math.ceil(widestText(chart.ctx, labels, labelFont())),
  });
}

/**
 * A number to the right of a bar: beside its end, or else beside the first mark with enough room after it.
 *
 * @param index the index of the bar's row
 * @param end the end of the bar with its whisker
 * @param marks the marks on its row, which the number must not cover
 */
export function endLabel(
  content: string,
  index: number,
  { end, marks, palette }: { end: number; marks: readonly number[]; palette: Palette },
): LabelOptions {
  const places = [end, ...marks.filter((mark) => mark > end).sort((one, other) => one - other)];
  const xValue = ({ chart }: Context): number => {
    const pixelOf = (value: number) => chart.scales.x?.getPixelForValue(value) ?? 0;
    const neededPx = LABEL_GAP + textWidth(chart.ctx, content, labelFont()) + MARK_REACH;
    const fits = (place: number, next: number | undefined) =>
      next === undefined || pixelOf(next) - pixelOf(place) >= neededPx;
    return places.find((place, at) => fits(place, places[at + 1]))!;
  };
  return {
    ...labelOn(index, content),
    // The plugin's types leave out parts of its context.
    xValue: xValue as unknown as number,
    position: { x: 'start', y: 'center' },
    xAdjust: LABEL_GAP,
    color: palette.ink,
  };
}

/** A number in the middle of a part of a bar, if it has room. */
export function partLabel(
  content: string,
  index: number,
  { fromValue, toValue, colour }: { fromValue: number; toValue: number; colour: string },
): LabelOptions {
  const hasRoom = ({ chart }: Context): boolean => {
    const { x: scale } = chart.scales;
    if (scale === undefined) return false;
    const roomPx = scale.getPixelForValue(toValue) - scale.getPixelForValue(fromValue);
    return roomPx >= textWidth(chart.ctx, content, labelFont()) + MARK_REACH;
  };
  return {
    ...labelOn(index, content),
    xValue: (fromValue + toValue) / 2,
    position: { x: 'center', y: 'center' },
    xAdjust: 0,
    display: hasRoom as unknown as boolean,
    color: colour,
  };
}

/** A number on a picture, in the format of the annotation plugin. */
type LabelOptions = ReturnType<typeof labelOn> & {
  readonly xValue: number;
  readonly position: { readonly x: 'start' | 'center'; readonly y: 'center' };
  readonly xAdjust: number;
  readonly color: string;
  readonly display?: boolean;
};

function labelOn(index: number, content: string) {
  return {
    type: 'label' as const,
    content,
    yValue: index,
    padding: 0,
    font: { ...labelFont(), weight: 600 as const },
  };
}
