/** Renders pictures as files, for documents. */
import { createCanvas, SvgExportFlag } from 'canvas';
import type { ChartItem } from 'chart.js';
import { drawable, registerFonts } from './fonts.ts';
import { PALETTES } from './palette.ts';
import type { TitledPicture } from './picture.ts';
import { paintPng, type SizedChart } from './png.ts';
import { registeredChart } from './registered-chart.ts';
import { LINE_HEIGHT, titleLines, titles } from './style.ts';

/** Pixels per CSS pixel: sharp on a dense screen and in print. */
const PIXEL_RATIO = 2;
/** Around title and caption. */
const TITLE_PADDING = 30;

/** Draws a picture as a PNG with two pixels per CSS pixel; the same picture gives the same bytes. */
export function renderPng(given: TitledPicture): Buffer {
  return paintPng(chartOfPng(given));
}

/** The chart of a PNG, with its title and its size. */
export function chartOfPng(given: TitledPicture): SizedChart {
  const { configuration, ...size } = withTitle(given);
  const options = { ...configuration.options, devicePixelRatio: PIXEL_RATIO };
  return { ...size, configuration: { ...configuration, options } };
}

/** Draws a picture as an SVG with letters as outlines, so that it needs no font; the same picture gives the same bytes. */
export function renderSvg(given: TitledPicture): Buffer {
  const Chart = registeredChart();
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
function withTitle({ title, picture }: TitledPicture): SizedChart {
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
