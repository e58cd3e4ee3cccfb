import type { Chart } from 'chart.js';
import type { Row } from '../../model.ts';
import { formatRatio, joinNames } from '../text.ts';
import { labelsOf, onlyGroupOf } from './figures.ts';
import type { Picture } from './picture.ts';
import {
  axisOf,
  colourOf,
  drawLine,
  drawOver,
  FONT_FAMILY,
  PEER_CAPTION,
  palette,
  sentenceOf,
  titles,
} from './style.ts';

const ROW_HEIGHT = 46;
const TITLE_HEIGHT = 130;

/** A bar for each variant's speedup, whiskers for its interval, and a tick where the bound would put it. */
export function speedupPicture(rows: readonly Row[], finding: string): Picture {
  const compared = rows.map((row, place) => ({ ...row, place })).filter((row) => !row.baseline);
  const boundSpeedups = compared.map((row) => speedupAtBound(rows, row));
  const highest = Math.max(
    1,
    ...boundSpeedups,
    ...compared.map(({ speedup }) => speedup.high ?? speedup.value),
  );
  return {
    width: 800,
    height: TITLE_HEIGHT + ROW_HEIGHT * Math.max(2, compared.length),
    configuration: {
      type: 'bar',
      data: {
        labels: labelsOf(compared),
        datasets: [
          {
            data: compared.map((row) => row.speedup.value),
            backgroundColor: compared.map((row) => (row.peer ? palette.peer : colourOf(row.place))),
            barPercentage: 0.7,
          },
        ],
      },
      options: {
        indexAxis: 'y',
        layout: { padding: 14 },
        plugins: {
          legend: { display: false },
          ...titles(finding, captionOf(rows)),
        },
        scales: {
          x: {
            ...axisOf({ title: 'speedup (times)', scale: 'linear' }),
            // Room for the label at the end of the longest bar.
            suggestedMax: highest * 1.12,
          },
          y: {
            grid: { display: false },
            ticks: { color: palette.ink, font: { family: FONT_FAMILY, size: 13 } },
          },
        },
      },
      plugins: [drawOver('marks', (chart, context) => drawMarks(chart, context, compared, boundSpeedups))],
    },
  };
}

function captionOf(rows: readonly Row[]): string {
  const baselines = new Set(rows.filter(({ baseline }) => baseline).map(({ variant }) => variant));
  const baseline = baselines.size === 1 ? [...baselines][0] : 'the baseline';
  return joinNames(
    [
      sentenceOf(onlyGroupOf(rows)),
      `Times as fast as ${baseline}. Whiskers: 95 % interval. Tick: what is physically possible (the bound).`,
      rows.some(({ peer }) => peer) ? PEER_CAPTION : '',
    ],
    ' ',
  );
}

function speedupAtBound(rows: readonly Row[], row: Row): number {
  const baseline = rows.find((other) => other.baseline && other.group === row.group);
  return baseline === undefined || row.boundMs === 0 ? 0 : baseline.medianMs / row.boundMs;
}

/** Width that a label takes, with some air. */
const LABEL_WIDTH = 64;

function drawMarks(
  chart: Chart,
  context: Chart['ctx'],
  rows: readonly Row[],
  boundSpeedups: readonly number[],
): void {
  const { x: scale } = chart.scales;
  if (scale === undefined) return;
  context.strokeStyle = palette.ink;
  context.fillStyle = palette.ink;
  context.font = `600 13px ${FONT_FAMILY}`;
  context.textBaseline = 'middle';
  for (const [index, { speedup }] of rows.entries()) {
    const bar = chart.getDatasetMeta(0).data[index];
    if (bar === undefined) continue;
    const { x, y } = bar.getProps(['x', 'y'], true);
    const bound = scale.getPixelForValue(boundSpeedups[index] ?? 0);
    drawLine(context, 3, bound, y - 18, bound, y + 18);
    const high = speedup.high === null ? x : scale.getPixelForValue(speedup.high);
    if (speedup.low !== null) drawWhiskers(context, scale.getPixelForValue(speedup.low), high, y);
    // Beside the bar where the tick leaves room, so that nobody takes the label for that of the bound.
    const end = bound > x && bound - high < LABEL_WIDTH ? bound : high;
    context.fillText(formatRatio(speedup.value), end + 8, y);
  }
}

function drawWhiskers(context: Chart['ctx'], low: number, high: number, y: number): void {
  drawLine(context, 1.5, low, y, high, y);
  for (const end of [low, high]) drawLine(context, 1.5, end, y - 5, end, y + 5);
}
