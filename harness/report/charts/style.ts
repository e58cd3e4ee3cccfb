import type { Chart, LegendOptions, Plugin, ScaleOptionsByType } from 'chart.js';
import type { Axis } from '../../model.ts';
import { wrapText } from '../text.ts';

/** A family that is shipped with the project, so that a picture is the same wherever it is made. */
export const FONT_FAMILY = 'Inter';

/** Okabe and Ito's colours, which stay apart for colour-blind eyes; a variant has that of its place. */
const COLOURS = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#56b4e9', '#d55e00', '#8a6d00', '#555555'];
export const INK = '#222222';
export const GRID = '#e4e4e4';
/** Lines that stand behind what was measured. */
export const FAINT = '#b0b0b0';

/** What tells a peer's bars from ours. */
export const PEER = '#8c8c8c';
/** What a peer's name ends in, and what that means. */
export const PEER_MARK = ' (peer)';
export const PEER_CAPTION = 'Peers do the same work in Python.';

/** How often the colours were used up before this place. */
export function roundOfColours(place: number): number {
  return Math.floor(place / COLOURS.length);
}

export function colourOf(place: number): string {
  return COLOURS[place % COLOURS.length]!;
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
      color: INK,
      text: titleOf(finding),
      font: { family: FONT_FAMILY, size: 15, weight: 600, lineHeight: 1.3 },
      padding: { bottom: 4 },
    },
    subtitle: {
      display: true,
      align: 'start' as const,
      color: '#555555',
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
  const text = { color: INK, font: { family: FONT_FAMILY } };
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
    grid: { color: GRID },
    title: { display: true, text: title, ...text },
  } as unknown as ScaleOptionsByType<'linear' | 'logarithmic'>;
}

/** Names below the picture, of those datasets whose label is to be shown. */
export function legend(shows: (label: string) => boolean) {
  return {
    legend: {
      position: 'bottom' as const,
      labels: {
        color: INK,
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
