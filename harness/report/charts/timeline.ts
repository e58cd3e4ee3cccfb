import type { Chart, ChartDataset, ScaleOptionsByType } from 'chart.js';
import type { RunRecord } from '../../record.ts';
import { formatTime } from '../text.ts';
import type { Picture } from './picture.ts';
import { colourOf, drawOver, FONT_FAMILY, GRID, INK, titles } from './style.ts';

const PANEL_HEIGHT = 120;
const TITLE_HEIGHT = 140;

/** One bar a request from arrival to release, one panel a variant, over the same time. */
export function timelinePicture(record: RunRecord, finding: string): Picture {
  const panels = record.traces.map((trace, index) => ({ ...trace, axis: `y${index}` }));
  const inSeconds = Math.max(0, ...panels.flatMap(({ releasedMs }) => releasedMs)) > 10_000;
  const scales: Record<string, unknown> = {
    x: {
      min: 0,
      grid: { color: GRID },
      ticks: {
        color: INK,
        font: { family: FONT_FAMILY },
        ...(inSeconds ? { callback: (timeMs: number) => timeMs / 1000 } : {}),
      },
      title: {
        display: true,
        text: `${inSeconds ? 's' : 'ms'} since the first request arrived at the target`,
        color: INK,
        font: { family: FONT_FAMILY },
      },
    },
  };
  for (const { axis, variant, arrivedMs } of panels)
    scales[axis] = panelScale(record, variant, arrivedMs.length);
  return {
    width: 800,
    height: TITLE_HEIGHT + PANEL_HEIGHT * Math.max(1, panels.length),
    configuration: {
      type: 'bar',
      data: {
        datasets: panels.map(({ axis, variant, arrivedMs, releasedMs }): ChartDataset<'bar'> => {
          const spans = arrivedMs.map((from, job) => ({ x: [from, releasedMs[job] ?? from], y: job }));
          return {
            label: record.variants[variant]?.id ?? '',
            // Chart.js draws [from, to] as a floating bar, which its types know for category axes only.
            data: spans as unknown as number[],
            yAxisID: axis,
            backgroundColor: colourOf(variant),
            barThickness: Math.max(1, (PANEL_HEIGHT - 14) / Math.max(1, spans.length)),
            // A wait of a few ms next to one of minutes must still be seen.
            minBarLength: 2,
            grouped: false,
          };
        }),
      },
      options: {
        indexAxis: 'y',
        layout: { padding: 14 },
        plugins: {
          legend: { display: false },
          ...titles(
            finding,
            `Each bar is one request, from its arrival at the target to its answer, in round 1. ` +
              `Requests are stacked in their order, a panel for each variant.`,
          ),
        },
        scales: scales as Record<string, ScaleOptionsByType<'linear'>>,
      },
      plugins: [drawOver('ends', (chart, context) => drawEnds(chart, context, panels))],
    },
  };
}

/** Axes that share the stack stand one above the other; the last one named would be on top. */
function panelScale(record: RunRecord, variant: number, requests: number) {
  return {
    type: 'linear',
    position: 'left',
    stack: 'panels',
    stackWeight: 1,
    offset: false,
    reverse: true,
    weight: -variant,
    min: -1,
    max: requests,
    grid: { display: false },
    border: { color: INK },
    ticks: { display: false },
    title: {
      display: true,
      text: record.variants[variant]?.id ?? '',
      color: INK,
      font: { family: FONT_FAMILY, size: 12, weight: 600 },
    },
  };
}

/** Separates the panels, and says beside the last answer of each when it came. */
function drawEnds(
  chart: Chart,
  context: Chart['ctx'],
  panels: readonly { readonly axis: string; readonly releasedMs: readonly number[] }[],
): void {
  for (const { axis, releasedMs } of panels) {
    const { [axis]: panel, x: time } = chart.scales;
    if (panel === undefined || time === undefined) continue;
    context.fillStyle = GRID;
    context.fillRect(time.left, panel.bottom, time.width, 1);
    const lastMs = Math.max(0, ...releasedMs);
    const end = time.getPixelForValue(lastMs);
    const beside = end + 80 < time.right;
    context.fillStyle = INK;
    context.font = `600 12px ${FONT_FAMILY}`;
    context.textAlign = beside ? 'left' : 'right';
    context.fillText(formatTime(lastMs), beside ? end + 8 : end, panel.bottom - (beside ? 10 : 24));
  }
}
