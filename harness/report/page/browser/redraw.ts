import { Chart, type ChartConfiguration } from 'chart.js';
import type { Picture } from '../../../charts/picture.ts';

/**
 * Draws a picture into a canvas, and gives the canvas's frame the picture's size.
 *
 * @param drawn what the canvas shows until now; it is destroyed
 * @returns what it shows now
 */
export function redraw(
  canvas: HTMLCanvasElement,
  { width, height, configuration }: Pick<Picture, 'width' | 'height' | 'configuration'>,
  drawn: Chart | undefined,
): Chart {
  const frame = canvas.parentElement!;
  frame.style.height = `${height}px`;
  frame.style.maxWidth = `${width * 1.25}px`;
  drawn?.destroy();
  return new Chart(canvas, {
    ...configuration,
    options: { ...configuration.options, animation: false, maintainAspectRatio: false },
  } as ChartConfiguration);
}
