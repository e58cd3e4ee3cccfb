import type { Chart, LegendOptions, Plugin, ScaleOptionsByType } from 'chart.js';
import type { Axis } from '../model/chart.ts';
import type { RowVerdict } from '../report/comparison/comparison.ts';
import { wrapText } from '../report/text.ts';

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

/** The colours of a picture, on white paper or on a dark screen. */
interface Palette {
  readonly paper: string;
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  /** Lines that stand behind what was measured. */
  readonly faint: string;
  /** Tells a peer's bars from ours. */
  readonly peer: string;
  /** What became of a row between two runs. */
  readonly verdicts: Readonly<Record<RowVerdict, string>>;
  /** CPU work, which must stand out from every variant's own colour. */
  readonly compute: string;
  readonly computeName: string;
  /** Okabe and Ito's colours, which stay apart for colour-blind eyes; a variant has that of its place. */
  readonly variants: readonly string[];
}

const PALETTES = {
  light: {
    paper: '#ffffff',
    ink: '#222222',
    muted: '#555555',
    grid: '#e4e4e4',
    faint: '#b0b0b0',
    peer: '#8c8c8c',
    verdicts: {
      regressed: '#d55e00',
      improved: '#009e73',
      unchanged: '#222222',
      inconclusive: '#b0b0b0',
      'not confirmed': '#b0b0b0',
    },
    compute: '#000000',
    computeName: 'Black',
    variants: ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#6b4f00', '#555555'],
  },
  dark: {
    paper: '#16181c',
    ink: '#e9eaec',
    muted: '#a9aeb6',
    grid: '#383c44',
    faint: '#6d727b',
    peer: '#9a9a9a',
    verdicts: {
      regressed: '#f07a2a',
      improved: '#1fb58c',
      unchanged: '#e9eaec',
      inconclusive: '#6d727b',
      'not confirmed': '#6d727b',
    },
    compute: '#ffffff',
    computeName: 'White',
    variants: ['#3d9fdc', '#e69f00', '#1fb58c', '#e093bd', '#7cc8f2', '#f07a2a', '#f0e442', '#8a8f98'],
  },
} satisfies Record<string, Palette>;

/** The colours that pictures are made in from now on: those for paper, unless a page says otherwise. */
export let palette: Palette = PALETTES.light;

/** Chooses the colours of all pictures that are made after this. */
export function usePalette(name: keyof typeof PALETTES): void {
  palette = PALETTES[name];
}

/** What a peer's name ends in, and what that means. */
export const PEER_MARK = ' (peer)';
export const PEER_CAPTION = 'Peers do the same work in Python.';

/** How often the colours were used up before this place. */
export function roundOfColours(place: number): number {
  return Math.floor(place / palette.variants.length);
}

export function colourOf(place: number): string {
  return palette.variants[place % palette.variants.length]!;
}

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
export function titles({ title, caption }: TitleLines) {
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
export function axisText(sizePx = 12) {
  return { color: palette.ink, font: { family: FONT_FAMILY, size: sizePx } };
}

/** An axis with a grid; a logarithmic one names 1, 2 and 5 of each power of ten. */
export function axisOf({ title, scale }: Axis) {
  const text = axisText();
  const logarithmic = {
    type: 'logarithmic' as const,
    ticks: {
      ...text,
      callback: (value: number | string) =>
        /^[125]0*$|^0\.0*[125]$/.test(String(value)) ? String(value) : null,
    },
  };
  return {
    ...(scale === 'log' ? logarithmic : { type: 'linear' as const, beginAtZero: true, ticks: text }),
    grid: { color: palette.grid },
    title: { display: true, text: title, ...text },
  } as unknown as ScaleOptionsByType<'linear' | 'logarithmic'>;
}

/** How high a chart of so many horizontal bars is, in CSS pixels, with its axis. */
export function heightOfBars(rows: number): number {
  return 90 + 40 * Math.max(2, rows);
}

/** The axis of the rows of horizontal bars. */
export function categoryAxis() {
  return {
    grid: { display: false },
    ticks: { ...axisText(13), autoSkip: false },
  };
}

/** Below this width, in CSS pixels, a picture has no room for names at its lines. */
export const NARROW_WIDTH = 560;

/** Names below the picture, of those datasets that have one, where `display` says so. */
export function legend(display: boolean | ((context: { chart: Chart }) => boolean)) {
  return {
    legend: {
      display,
      position: 'bottom' as const,
      labels: {
        ...axisText(),
        boxHeight: 8,
        usePointStyle: true,
        pointStyleWidth: 18,
        filter: ({ text }: { text: string }) => text !== '',
      },
    } as unknown as LegendOptions<'line'> & LegendOptions<'bar'>,
  };
}

/** Whichever of black and white is easier to read on a colour, given as #rrggbb. */
export function inkOn(colour: string): string {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    // WCAG 2.2, relative luminance.
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 ? '#ffffff' : '#000000';
}

/** How an interval is drawn, as options of chartjs-chart-error-bars; its whiskers are so wide, in pixels. */
export function errorBars(whiskerPx: number) {
  return {
    errorBarColor: palette.ink,
    errorBarWhiskerColor: palette.ink,
    errorBarLineWidth: 1.5,
    errorBarWhiskerLineWidth: 1.5,
    errorBarWhiskerSize: whiskerPx,
    errorBarWhiskerRatio: 0,
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
