import type { Chart, Row } from '../../model.ts';
import { labelsOf, onlyGroupOf, rowsOf, seriesValue } from './figures.ts';
import type { Picture } from './picture.ts';
import { axisOf, colourOf, FONT_FAMILY, legend, palette, sentenceOf, titles } from './style.ts';

const ROW_HEIGHT = 40;
const FRAME_HEIGHT = 190;

/** Figures stacked to one bar for each variant. */
export function barsPicture(
  chart: Extract<Chart, { kind: 'bars' }>,
  allRows: readonly Row[],
  finding: string,
): Picture {
  const rows = rowsOf(allRows, chart.groups);
  return {
    width: 800,
    height: FRAME_HEIGHT + ROW_HEIGHT * Math.max(2, rows.length),
    configuration: {
      type: 'bar',
      data: {
        labels: labelsOf(rows),
        datasets: chart.series.map((series, index) => ({
          label: series.title,
          data: rows.map((row) => seriesValue(rows, row, series) ?? 0),
          backgroundColor: colourOf(index),
          barPercentage: 0.7,
        })),
      },
      options: {
        indexAxis: 'y',
        layout: { padding: 14 },
        plugins: {
          ...legend(() => chart.series.length > 1),
          ...titles(finding, sentenceOf(onlyGroupOf(rows))),
        },
        scales: {
          x: { ...axisOf(chart.x), stacked: true },
          y: {
            stacked: true,
            grid: { display: false },
            ticks: { color: palette.ink, font: { family: FONT_FAMILY, size: 13 } },
          },
        },
      },
    },
  };
}
