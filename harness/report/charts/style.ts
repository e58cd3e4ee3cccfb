import type { Chart, LegendOptions, Plugin, ScaleOptionsByType } from 'chart.js';
import type { Axis } from '../../model.ts';
import { wrapText } from '../text.ts';

/** A family that is shipped with the project, so that a picture is the same wherever it is made. */
export const FONT_FAMILY = 'Inter';

/** The colours of a picture, on white paper or on a dark screen. */
interface Palette {
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  /** Lines that stand behind what was measured. */
  readonly faint: string;
  /** Tells a peer's bars from ours. */
  readonly peer: string;
  /** CPU work, which must stand out from every variant's own colour. */
  readonly compute: string;
  readonly computeName: string;
  /** Okabe and Ito's colours, which stay apart for colour-blind eyes; a variant has that of its place. */
  readonly variants: readonly string[];
}

const PALETTES = {
  light: {
    ink: '#222222',
    muted: '#555555',
    grid: '#e4e4e4',
    faint: '#b0b0b0',
    peer: '#8c8c8c',
    compute: '#000000',
    computeName: 'Black',
    variants: ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8a6d00', '#555555'],
  },
  dark: {
    ink: '#e9eaec',
    muted: '#a9aeb6',
    grid: '#383c44',
    faint: '#6d727b',
    peer: '#9a9a9a',
    compute: '#ffffff',
    computeName: 'White',
    variants: ['#3d9fdc', '#e69f00', '#1fb58c', '#e093bd', '#7cc8f2', '#f07a2a', '#c2a01f', '#b0b3b8'],
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

/** A title longer than this is cut to its first sentence: the rest stands beside the picture. */
const TITLE_LINES = 4;
const TITLE_WIDTH = 92;

/** A name as a sentence of its own; empty where there is none. */
export function sentenceOf(name: string): string {
  return name === '' ? '' : `${name[0]!.toUpperCase()}${name.slice(1)}.`;
}

function titleOf(finding: string): string[] {
  if (finding === '') return ['No round was finished.'];
  const lines = wrapText(finding, TITLE_WIDTH);
  const [first] = finding.split(/(?<=\.) (?=[A-Z])/);
  return lines.length <= TITLE_LINES ? lines : wrapText(first!, TITLE_WIDTH);
}

/** The finding as the picture's title, then what the picture shows. */
export function titles(finding: string, caption: string) {
  return {
    title: {
      display: true,
      align: 'start' as const,
      color: palette.ink,
      text: titleOf(finding),
      font: { family: FONT_FAMILY, size: 15, weight: 600, lineHeight: 1.3 },
      padding: { bottom: 4 },
    },
    subtitle: {
      display: true,
      align: 'start' as const,
      color: palette.muted,
      text: wrapText(caption, 120),
      font: { family: FONT_FAMILY, size: 12, lineHeight: 1.3 },
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

/** An axis with a grid; a logarithmic one names 1, 2 and 5 of each power of ten. */
export function axisOf({ title, scale }: Axis) {
  const text = { color: palette.ink, font: { family: FONT_FAMILY } };
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

/** Names below the picture, of those datasets whose label is to be shown. */
export function legend(shows: (label: string) => boolean) {
  return {
    legend: {
      position: 'bottom' as const,
      labels: {
        color: palette.ink,
        font: { family: FONT_FAMILY, size: 12 },
        boxWidth: 14,
        boxHeight: 8,
        filter: ({ text }: { text: string }) => shows(text),
      },
    } as unknown as LegendOptions<'line'> & LegendOptions<'bar'>,
  };
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
