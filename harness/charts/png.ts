/** Paints charts as PNGs. The npm package has another module in its place, `package/pictures/png.ts`. */
import { createRequire } from 'node:module';
import type { ChartConfiguration } from 'chart.js';
import type * as errorBars from 'chartjs-chart-error-bars';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import type annotation from 'chartjs-plugin-annotation';
import { registerComponents } from './components.ts';
import { PALETTES } from './palette.ts';

/** A chart with its size in CSS pixels. */
export interface SizedChart {
  readonly width: number;
  readonly height: number;
  readonly configuration: ChartConfiguration;
}

const require = createRequire(import.meta.url);

/** chartjs-node-canvas loads a new Chart.js for each picture, and the components must be loaded for the same one. */
function loadAnew(name: string): unknown {
  delete require.cache[require.resolve(name)];
  return require(name);
}

/** Paints a chart on paper, as a PNG; the same chart gives the same bytes. */
export function paintPng({ width, height, configuration }: SizedChart): Buffer {
  const canvas = new ChartJSNodeCanvas({
    width,
    height,
    backgroundColour: PALETTES.light.paper,
    chartCallback: (chart) =>
      registerComponents(
        chart,
        loadAnew('chartjs-chart-error-bars') as typeof errorBars,
        loadAnew('chartjs-plugin-annotation') as typeof annotation,
      ),
  });
  return canvas.renderToBufferSync(configuration);
}
