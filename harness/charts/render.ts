/** Renders pictures as files, for documents. */
import { createRequire } from 'node:module';
import { createCanvas, SvgExportFlag } from 'canvas';
import { Chart, type ChartConfiguration, type ChartItem, registerables } from 'chart.js';
import * as errorBars from 'chartjs-chart-error-bars';
import { ChartJSNodeCanvas } from 'chartjs-node-canvas';
import annotation from 'chartjs-plugin-annotation';
import { registerComponents } from './components.ts';
import { drawable, registerFonts } from './fonts.ts';
import { PALETTES } from './palette.ts';
import type { TitledPicture } from './picture.ts';
import { LINE_HEIGHT, titleLines, titles } from './style.ts';

/** Pixels per CSS pixel: sharp on a dense screen and in print. */
const PIXEL_RATIO = 2;
/** Around title and caption. */
const TITLE_PADDING = 30;

const require = createRequire(import.meta.url);

/** chartjs-node-canvas loads a new Chart.js for each picture, and the components must be loaded for the same one. */
function loadAnew(name: string): unknown {
  delete require.cache[require.resolve(name)];
  return require(name);
}

/** Draws a picture as a PNG with two pixels per CSS pixel; the same picture gives the same bytes. */
export function renderPng(given: TitledPicture): Buffer {
  const { width, height, configuration } = withTitle(given);
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
  return canvas.renderToBufferSync({
    ...configuration,
    options: { ...configuration.options, devicePixelRatio: PIXEL_RATIO },
  });
}

let registered = false;

/** SVGs are drawn by the Chart.js of this process. */
function registerOnce(): void {
  if (registered) return;
  registered = true;
  Chart.register(...registerables);
  registerComponents(Chart, errorBars, annotation);
}

/** Draws a picture as an SVG with letters as outlines, so that it needs no font; the same picture gives the same bytes. */
export function renderSvg(given: TitledPicture): Buffer {
  registerOnce();
  const { width, height, configuration } = withTitle(given);
  const canvas = createCanvas(width, height, SvgExportFlag.ConvertTextToPaths);
  const context = canvas.getContext('2d');
  context.fillStyle = PALETTES.light.paper;
  context.fillRect(0, 0, width, height);
  // Chart.js sets the size of its canvas.
  const element = Object.assign(canvas, { style: {} });
  const chart = new Chart(element as unknown as ChartItem, {
    ...configuration,
    options: { ...configuration.options, responsive: false, animation: false, devicePixelRatio: 1 },
  });
  const svg = element.getContent().toString();
  chart.destroy();
  return Buffer.from(withOwnNames(svg));
}

/** Renumbers clipping paths by their order in the picture; by default numbers continue throughout the process. */
function withOwnNames(svg: string): string {
  const names = [...new Set(svg.match(/\bcl_[0-9a-f]+/g))];
  return svg.replace(/\bcl_[0-9a-f]+/g, (name) => `clip-${names.indexOf(name) + 1}`);
}

/** The chart with its title and caption above it, and the total size. */
function withTitle({ title, picture }: TitledPicture): {
  width: number;
  height: number;
  configuration: ChartConfiguration;
} {
  registerFonts();
  const { width, height, caption, configuration } = picture;
  const lines = titleLines(title, caption);
  const { options, data } = configuration;
  const titleHeight =
    lines.title.length * LINE_HEIGHT.title + lines.caption.length * LINE_HEIGHT.caption + TITLE_PADDING;
  return {
    width,
    height: height + titleHeight,
    configuration: {
      ...configuration,
      data: drawable(data),
      options: drawable({ ...options, plugins: { ...options?.plugins, ...titles(lines, PALETTES.light) } }),
    },
  };
}
