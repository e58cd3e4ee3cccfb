import type { Chart } from 'chart.js';
import type { Palette } from '../../../charts/palette.ts';
import { type ShownTune, tunePicture } from '../../tune/tune-picture.ts';
import { redraw } from './redraw.ts';

/**
 * The figure of a search.
 *
 * @returns a function that draws it in the colours of a palette
 */
export function createTuneFigure(element: HTMLElement, shown: ShownTune): (palette: Palette) => void {
  const canvas = element.querySelector('canvas')!;
  let drawn: Chart | undefined;
  return (palette) => {
    drawn = redraw(canvas, tunePicture(shown, palette), drawn);
  };
}
