import type { Chart, Plugin } from 'chart.js';
import { wrapText } from '../report/text.ts';
import type { Font } from './labels.ts';
import type { Palette } from './palette.ts';

/** The scripts in which a family is shipped with the project, so that a picture is the same wherever it is made. */
export const FONT_SCRIPTS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'vietnamese'] as const;

/** The name of the shipped family that has a script. */
export function familyOf(script: (typeof FONT_SCRIPTS)[number]): string {
  return script === 'latin' ? 'Inter' : `Inter ${script}`;
}

/** What else a machine may have, for other scripts. */
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

/** Families in the order in which they are looked up. */
export const FONT_FAMILY = [...FONT_SCRIPTS.map(familyOf), ...INSTALLED]
  .map((family) => `"${family}"`)
  .join(', ');

/** What a peer's name ends in, and what that means. */
export const PEER_MARK = ' (peer)';
export const PEER_CAPTION = 'Peers do the same work in Python.';

/** Points tell lines apart where colours do not. */
const SHAPES = ['circle', 'rect', 'triangle', 'rectRot', 'star', 'crossRot', 'rectRounded', 'cross'] as const;

export function shapeOf(place: number): (typeof SHAPES)[number] {
  return SHAPES[place % SHAPES.length]!;
}

/** Characters in a line of a picture's title and of its caption, and how high it is, in CSS pixels. */
const LINE_LENGTH = { title: 92, caption: 118 };
export const LINE_HEIGHT = { title: 20, caption: 16 };
/** A title that takes more lines is cut to its first sentence: the rest stands beside the picture. */
const MOST_TITLE_LINES = 3;

interface TitleLines {
  readonly title: readonly string[];
  readonly caption: readonly string[];
}

/** A title and a caption in lines that a picture has room for. */
export function titleLines(title: string, caption: string): TitleLines {
  const all = wrapText(title, LINE_LENGTH.title);
  const [first] = title.split(/(?<=\.) (?=[A-Z])/);
  return {
    title: all.length <= MOST_TITLE_LINES ? all : wrapText(first!, LINE_LENGTH.title),
    caption: wrapText(caption, LINE_LENGTH.caption),
  };
}

/** Options of Chart.js that write them above a picture. */
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

/** Ink and letters of what stands at an axis, in so many CSS pixels. */
export function axisText(palette: Palette, sizePx = 12) {
  return { color: palette.ink, font: fontSized(sizePx) };
}

/** The font of all pictures, so many CSS pixels high; of words that stand out in weight 600. */
export function fontSized(sizePx: number, weight: 400 | 600 = 400): Font {
  return { family: FONT_FAMILY, size: sizePx, weight };
}

/** Below this width, in CSS pixels, a picture has no room for names at its lines. */
export const NARROW_WIDTH = 560;

/** How an interval is drawn, as options of chartjs-chart-error-bars; its whiskers are so wide, in pixels. */
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

/** What a grey line is called. */
export const BOUND_NAME = 'the bound';

/** How the line of a bound looks, behind what was measured and in a legend. */
export function boundLook(palette: Palette) {
  return {
    borderColor: palette.faint,
    borderWidth: 1.5,
    ...points(0),
    pointStyle: 'line' as const,
    order: 1,
  };
}

/** The points of a line, and how it looks in a legend. */
export function points(radius: number, pointStyle: (typeof SHAPES)[number] = 'circle') {
  // A line with intervals looks for `radius`, where others look for `pointRadius`.
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
