import type { Chart, Plugin } from 'chart.js';
import { wrapText } from '../report/text.ts';
import type { Font } from './labels.ts';
import type { Palette } from './palette.ts';

/** The scripts with a shipped font family, so that pictures are the same on all machines. */
export const FONT_SCRIPTS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'vietnamese'] as const;

/** The name of the shipped family that has a script. */
export function familyOf(script: (typeof FONT_SCRIPTS)[number]): string {
  return script === 'latin' ? 'Inter' : `Inter ${script}`;
}

/** Fonts that a machine may have for other scripts. */
const INSTALLED = [
  ...[
    'Noto Sans CJK SC',
    'Noto Sans CJK JP',
    'PingFang SC',
    'Hiragino Sans',
    'Microsoft YaHei',
    'Malgun Gothic',
  ],
  ...['Segoe UI', 'Noto Sans', 'DejaVu Sans', 'Arial Unicode MS', 'Noto Color Emoji', 'Apple Color Emoji'],
];

/** Font families in the order of lookup. */
export const FONT_FAMILY = [...FONT_SCRIPTS.map(familyOf), ...INSTALLED]
  .map((family) => `"${family}"`)
  .join(', ');

/** The ending of a peer's name, and its explanation. */
export const PEER_MARK = ' (peer)';
export const PEER_CAPTION = 'Peers do the same work in other runtimes and languages.';

/** Point shapes, which distinguish lines of the same colour. */
const SHAPES = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'crossRot', 'rectRounded', 'cross'] as const;
/** The shape of a level mark, which no line has. */
type Shape = (typeof SHAPES)[number] | 'line';

export function shapeOf(place: number): (typeof SHAPES)[number] {
  return SHAPES[place % SHAPES.length]!;
}

/** The characters in a line of a picture's title and of its caption. */
const LINE_LENGTH = { title: 92, caption: 118 };
export const LINE_HEIGHT = { title: 20, caption: 16 };
/** A title with more lines is cut to its first sentence; the page has the full text. */
const MOST_TITLE_LINES = 3;

interface TitleLines {
  readonly title: readonly string[];
  readonly caption: readonly string[];
}

/** A title and a caption, broken into lines that fit a picture. */
export function titleLines(title: string, caption: string): TitleLines {
  const all = wrapText(title, LINE_LENGTH.title);
  const [first] = title.split(/(?<=\.) (?=[A-Z])/);
  return {
    title: all.length <= MOST_TITLE_LINES ? all : wrapText(first!, LINE_LENGTH.title),
    caption: wrapText(caption, LINE_LENGTH.caption),
  };
}

/** The options of Chart.js that write title and caption above a picture. */
export function titles({ title, caption }: TitleLines, palette: Palette) {
  return {
    title: {
      display: true,
      align: 'start' as const,
      color: palette.ink,
      text: [...title],
      font: { family: FONT_FAMILY, size: 15, weight: 600, lineHeight: `${LINE_HEIGHT.title}px` },
      padding: { bottom: 4 },
    },
    subtitle: {
      display: true,
      align: 'start' as const,
      color: palette.muted,
      text: [...caption],
      font: { family: FONT_FAMILY, size: 12, lineHeight: `${LINE_HEIGHT.caption}px` },
      padding: { bottom: 12 },
    },
  };
}

/** A plugin that draws over the finished datasets. */
export function drawOver(id: string, draw: (chart: Chart, context: Chart['ctx']) => void): Plugin {
  return {
    id,
    afterDatasetsDraw(chart) {
      chart.ctx.save();
      draw(chart, chart.ctx);
      chart.ctx.restore();
    },
  };
}

/** The colour and font of texts at an axis; the font's size is in CSS pixels. */
export function axisText(palette: Palette, sizePx = 12) {
  return { color: palette.ink, font: fontSized(sizePx) };
}

/** The font of all pictures in a size in CSS pixels; weight 600 is for emphasis. */
export function fontSized(sizePx: number, weight: 400 | 600 = 400): Font {
  return { family: FONT_FAMILY, size: sizePx, weight };
}

/** Below this width, in CSS pixels, a picture has no room for names at its lines. */
export const NARROW_WIDTH = 560;

/** The options of chartjs-chart-error-bars for intervals; the width of whiskers is in pixels. */
export function errorBars(whiskerPx: number, palette: Palette) {
  return {
    errorBarColor: palette.ink,
    errorBarWhiskerColor: palette.ink,
    errorBarLineWidth: 1.5,
    errorBarWhiskerLineWidth: 1.5,
    errorBarWhiskerSize: whiskerPx,
    errorBarWhiskerRatio: 0,
  };
}

/** The name of grey lines. */
export const BOUND_NAME = 'the bound';

/** The style of a bound's line, behind the measured data and in a legend. */
export function boundLook(palette: Palette) {
  return {
    borderColor: palette.faint,
    borderWidth: 1.5,
    ...points(0, 'line'),
    order: 1,
  };
}

/** The name of floors in a legend. */
export const FLOOR_NAME = 'floor: sockets by hand';

/** The style of a floor's bar, and of its symbol in a legend: an outline, since a floor is no advice. */
export function floorBar(palette: Palette) {
  return {
    label: FLOOR_NAME,
    backgroundColor: palette.paper,
    borderColor: palette.ink,
    borderWidth: 1.5,
    borderSkipped: false,
    pointStyle: 'rect' as const,
  };
}

/** In place of a bar with an interval, where a dataset has no bar on a row; the library does not take null. */
export const NO_BAR = { x: null, xMin: null, xMax: null } as unknown as number;

/** The style of a floor's points, and of its symbol in a legend: short level marks. */
export function floorMark(palette: Palette) {
  return { label: FLOOR_NAME, borderColor: palette.ink, borderWidth: 2, ...points(9, 'line') };
}

/** The style of a line's points, and of its symbol in a legend. */
export function points(radius: number, pointStyle: Shape = 'circle') {
  // Lines with intervals read `radius`, other lines read `pointRadius`.
  return { radius, hoverRadius: radius + 2, pointRadius: radius, pointStyle };
}

/** A straight line, in pixels. */
export function drawLine(
  context: Chart['ctx'],
  width: number,
  fromX: number,
  fromY: number,
  toX: number,
  toY: number,
): void {
  context.lineWidth = width;
  context.beginPath();
  context.moveTo(fromX, fromY);
  context.lineTo(toX, toY);
  context.stroke();
}
