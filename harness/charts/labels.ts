/** What pictures have room for: texts are measured, so that none is cut, whatever names somebody chose. */
import type { Chart } from 'chart.js';
import { wrapText } from '../report/text.ts';

/** What measures a text: the context of a chart, in a browser as in Node. */
type Measuring = Pick<Chart['ctx'], 'font' | 'measureText' | 'save' | 'restore'>;

/** As Chart.js takes it; the size in pixels. */
export interface Font {
  readonly family: string;
  readonly size: number;
  readonly weight?: number;
}

/** A font as a canvas takes it. */
export function fontOf({ family, size, weight = 400 }: Font): string {
  return `${weight} ${size}px ${family}`;
}

/** How wide a text is, in pixels. */
export function textWidth(context: Measuring, text: string, font: Font): number {
  context.save();
  context.font = fontOf(font);
  const { width } = context.measureText(text);
  context.restore();
  return width;
}

/** How wide the widest of some texts is, in pixels; 0 where there are none. */
export function widestText(context: Measuring, texts: readonly string[], font: Font): number {
  return texts.reduce((widest, text) => Math.max(widest, textWidth(context, text, font)), 0);
}

/** Breaks a text into lines that are at most so many pixels wide, within words where there is no other way. */
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

/** A text that has one line alone: what is too long for it lacks its middle, since names differ at their ends. */
export function oneLine(context: Measuring, text: string, font: Font, widthPx: number): string {
  const characters = [...text];
  for (let kept = characters.length; kept > 0; kept--) {
    const [head, tail] = [characters.slice(0, Math.ceil(kept / 2)), characters.slice(-Math.floor(kept / 2))];
    const shortened = kept === characters.length ? text : `${head.join('')}…${kept > 1 ? tail.join('') : ''}`;
    if (textWidth(context, shortened, font) <= widthPx) return shortened;
  }
  return '…';
}
