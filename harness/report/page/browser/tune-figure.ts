import { Chart, type ChartConfiguration } from 'chart.js';
import type { Palette } from '../../../charts/palette.ts';
import { type ShownTune, tunePicture } from '../../tune/tune-picture.ts';

/**
 * The figure of a search.
 *
 * @returns a function that draws it in the colours of a palette
 */
export function createTuneFigure(element: HTMLElement, shown: ShownTune): (palette: Palette) => void {
  const canvas = element.querySelector('canvas')!;
  let drawn: Chart | undefined;
  return (palette) => {
    const { width, height, configuration } = tunePicture(shown, palette);
    const frame = canvas.parentElement!;
    frame.style.height = `${height}px`;
    frame.style.maxWidth = `${width * 1.25}px`;
    drawn?.destroy();
    drawn = new Chart(canvas, {
      ...configuration,
      options: { ...configuration.options, animation: false, maintainAspectRatio: false },
    } as ChartConfiguration);
  };
}
