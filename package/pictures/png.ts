/**
 * Paints charts as PNGs in the npm package, in place of `harness/charts/png.ts`: chartjs-node-canvas asks npm for `canvas`,
 * and in another project that is the package that needs C libraries.
 */
import { createCanvas } from 'canvas';
import type { ChartItem, Plugin } from 'chart.js';
import { PALETTES } from '../../harness/charts/palette.ts';
import type { SizedChart } from '../../harness/charts/png.ts';
import { registeredChart } from '../../harness/charts/registered-chart.ts';

/** Paints a chart on paper, as a PNG; the bytes are those of the other module. */
export function paintPng({ width, height, configuration }: SizedChart): Buffer {
  const Chart = registeredChart();
  const paper: Plugin = {
    id: 'paper',
    beforeDraw({ ctx }) {
      ctx.save();
      ctx.fillStyle = PALETTES.light.paper;
      ctx.fillRect(0, 0, width, height);
      ctx.restore();
    },
  };
  // Chart.js sets the size of its canvas.
  const canvas = Object.assign(createCanvas(width, height), { style: {} });
  const chart = new Chart(canvas as unknown as ChartItem, {
    ...configuration,
    plugins: [paper, ...(configuration.plugins ?? [])],
    options: { ...configuration.options, responsive: false, animation: false },
  });
  const png = canvas.toBuffer('image/png');
  chart.destroy();
  return png;
}
