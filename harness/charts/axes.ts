/** Axes, and how much room they take. */
import type { Scale, ScaleOptionsByType } from 'chart.js';
import type { Axis } from './fields.ts';
import { textLines } from './labels.ts';
import type { Palette } from './palette.ts';
import { axisText, fontSized } from './style.ts';

/** Between the title of an axis and what is beside it. */
const TITLE_AIR = 12;

/** An axis with a grid and its title in as many lines as it takes; a logarithmic one names 1, 2 and 5 of each power of ten. */
export function axisOf({ title, scale }: Axis, palette: Palette) {
  const text = axisText(palette);
  const breakTitle = (axis: Scale) => {
    const roomPx = axis.isHorizontal() ? axis.maxWidth : axis.maxHeight;
    const options = (
      axis.options as unknown as { title: { display: boolean; whole: string; text: string[] } }
    ).title;
    if (!options.display) return;
    // Chart.js itself would squeeze it.
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
    // Whoever makes letters drawable looks at options alone.
    title: { display: true, text: title, whole: title, ...text },
    beforeFit: breakTitle,
  } as unknown as ScaleOptionsByType<'linear' | 'logarithmic'>;
}

/** Between the names of rows and what is beside them. */
const NAMES_AIR = 18;
/** So many letters of a name have room on one line, also where a picture is narrow. */
const LEAST_NAME_LINE = 16;
const NAME_SIZE = 13;

/** How high a chart of horizontal bars with these names is, in CSS pixels, with its axis. */
export function heightOfBars(names: readonly string[]): number {
  const lines = Math.max(1, ...names.map((name) => Math.ceil(name.length / LEAST_NAME_LINE)));
  return 90 + Math.max(40, lines * 16 + 6) * Math.max(2, names.length);
}

/** The name of a row at its axis, in as many lines as it takes; the font's size is in CSS pixels. */
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

/** How high a picture of lines is, in CSS pixels, with so many names beside it. */
export function heightOfLines(names: number): number {
  return Math.max(430, 16 * names + 100);
}
