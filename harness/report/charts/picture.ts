import { createRequire } from 'node:module';
import { GlobalFonts } from 'canvas';
import type { ChartConfiguration } from 'chart.js';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import { FONT_FAMILY } from './style.ts';

/** A chart and the size at which it is legible, in CSS pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly configuration: ChartConfiguration;
}

/** Pixels per CSS pixel: sharp on a dense screen and in print. */
const PIXEL_RATIO = 2;

const require = createRequire(import.meta.url);
const FONT_FILES = ['400', '600'].map((weight) =>
  require.resolve(`@fontsource/inter/files/inter-latin-${weight}-normal.woff`),
);

for (const file of FONT_FILES) GlobalFonts.registerFromPath(file, FONT_FAMILY);

/** Draws a picture as a PNG; the same picture gives the same bytes. */
export function renderPng({ width, height, configuration }: Picture): Buffer {
  const canvas = new ChartJSNodeCanvas({ width, height, backgroundColour: 'white' });
  return canvas.renderToBufferSync({
    ...configuration,
    options: { ...configuration.options, devicePixelRatio: PIXEL_RATIO },
  });
}
