/** Measures texts in pictures, so that no name is cut, however long. */
import type { Chart } from 'chart.js';
import { wrapText } from '../report/text.ts';

/** The parts of a chart's context that measure a text, in a browser as in Node. */
type Measuring = Pick<Chart['ctx'], 'font' | 'measureText' | 'save' | 'restore'>;

/** A font in Chart.js's format; the size is in pixels. */
export interface Font {
  readonly family: string;
  readonly size: number;
  readonly weight?: number;
}

/** A font in the format of a canvas. */
export function fontOf({ family, size, weight = 400 }: Font): string {
  return `${weight} ${size}px ${family}`;
}

/** The width of a text, in pixels. */
export function textWidth(context: Measuring, text: string, font: Font): number {
  context.save();
  context.font = fontOf(font);
  const { width } = context.measureText(text);
  context.restore();
  return width;
}

/** The width of the widest text, in pixels; 0 without texts. */
export function widestText(context: Measuring, texts: readonly string[], font: Font): number {
  return texts.reduce((widest, text) => Math.max(widest, textWidth(context, text, font)), 0);
}

/** Breaks a text into lines of at most `widthPx`, within words only if necessary. */
export function textLines(context: Measuring, text: string, font: Font, widthPx: number): string[] {
  const measure = (part: string) => textWidth(context, part, font);
  return wrapText(text, widthPx, measure).flatMap((line) => {
    const lines = [''];
    for (const character of line) {
      if (measure(lines.at(-1)! + character) > widthPx && lines.at(-1) !== '') lines.push('');
      lines[lines.length - 1] += character;
    }
    return lines;
  });
}

/** A text on one line; a text that is too long loses its middle, since names differ at their ends. */
export function oneLine(context: Measuring, text: string, font: Font, widthPx: number): string {
  const characters = [...text];
  for (let kept = characters.length; kept > 0; kept--) {
    const [head, tail] = [characters.slice(0, Math.ceil(kept / 2)), characters.slice(-Math.floor(kept / 2))];
    const shortened = kept === characters.length ? text : `${head.join('')}…${kept > 1 ? tail.join('') : ''}`;
    if (textWidth(context, shortened, font) <= widthPx) return shortened;
  }
  return '…';
}
