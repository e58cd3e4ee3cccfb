/** Axes and their sizes. */
import type { Scale, ScaleOptionsByType } from 'chart.js';
import type { Axis } from './fields.ts';
import { textLines } from './labels.ts';
import type { Palette } from './palette.ts';
import { axisText, fontSized } from './style.ts';

/** Between the title of an axis and what is beside it. */
const TITLE_AIR = 12;

/** An axis with a grid and a title that breaks into lines; a logarithmic axis labels 1, 2 and 5 of each power of ten. */
export function axisOf({ title, scale }: Axis, palette: Palette) {
  const text = axisText(palette);
  const breakTitle = (axis: Scale) => {
    const roomPx = axis.isHorizontal() ? axis.maxWidth : axis.maxHeight;
    const options = (
      axis.options as unknown as { title: { display: boolean; whole: string; text: string[] } }
    ).title;
    if (!options.display) return;
    // Without line breaks, Chart.js would squeeze the title.
    options.text = textLines(axis.ctx, options.whole, text.font, roomPx - TITLE_AIR);
  };
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
    // `drawable` replaces missing letters in options only.
    title: { display: true, text: title, whole: title, ...text },
    beforeFit: breakTitle,
  } as unknown as ScaleOptionsByType<'linear' | 'logarithmic'>;
}

/** Between the names of rows and what is beside them. */
const NAMES_AIR = 18;
/** The letters of a name that fit on one line, even in a narrow picture. */
const LEAST_NAME_LINE = 16;
const NAME_SIZE = 13;

/** The height of a chart of horizontal bars with these names, in CSS pixels, with its axis. */
export function heightOfBars(names: readonly string[]): number {
  const lines = Math.max(1, ...names.map((name) => Math.ceil(name.length / LEAST_NAME_LINE)));
  return 90 + Math.max(40, lines * 16 + 6) * Math.max(2, names.length);
}

/** The name of a row at its axis, broken into lines; the font's size is in CSS pixels. */
export function namesFor(axis: Scale, name: string, sizePx = 12): string[] {
  return textLines(axis.ctx, name, fontSized(sizePx), axis.maxWidth - NAMES_AIR);
}

/** The axis of the rows of horizontal bars. */
export function categoryAxis(palette: Palette) {
  return {
    grid: { display: false },
    ticks: {
      ...axisText(palette, NAME_SIZE),
      autoSkip: false,
      callback(this: Scale, value: number | string) {
        return namesFor(this, this.getLabelForValue(Number(value)), NAME_SIZE);
      },
    },
  };
}

/** The height of a picture of lines, in CSS pixels, with this many names beside it. */
export function heightOfLines(names: number): number {
  return Math.max(430, 16 * names + 100);
}
