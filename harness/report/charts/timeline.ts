import type { Chart, ChartDataset, ScaleOptionsByType } from 'chart.js';
import type { RunRecord } from '../../record.ts';
import { formatTime } from '../text.ts';
import type { Picture } from './picture.ts';
import { colourOf, drawOver, FONT_FAMILY, palette, titles } from './style.ts';

type Traced = Pick<RunRecord, 'variants' | 'traces'>;

const PANEL_HEIGHT = 120;
const TITLE_HEIGHT = 140;

/** One bar a request from arrival to release and one for CPU work, one panel a variant, over the same time. */
export function timelinePicture(
  record: Traced,
  finding: string,
  groups: readonly string[] | undefined,
): Picture {
  const panels = panelsOf(record, groups);
  const inSeconds = Math.max(0, ...panels.map(({ endMs }) => endMs)) > 10_000;
  const computed = panels.some(({ compute }) => compute.length > 0);
  const scales: Record<string, unknown> = {
    x: {
      min: 0,
      grid: { color: palette.grid },
      ticks: {
        color: palette.ink,
        font: { family: FONT_FAMILY },
        ...(inSeconds ? { callback: (timeMs: number) => timeMs / 1000 } : {}),
      },
      title: {
        display: true,
        text: `${inSeconds ? 's' : 'ms'} since the start`,
        color: palette.ink,
        font: { family: FONT_FAMILY },
      },
    },
  };
  for (const { axis, variant, jobs } of panels) scales[axis] = panelScale(record, variant, jobs);
  return {
    width: 800,
    height: TITLE_HEIGHT + PANEL_HEIGHT * Math.max(1, panels.length),
    configuration: {
      type: 'bar',
      data: {
        datasets: panels.flatMap(({ axis, variant, jobs, requests, compute }) => [
          barsOf(axis, jobs, requests, colourOf(variant)),
          barsOf(axis, jobs, compute, palette.compute),
        ]),
      },
      options: {
        indexAxis: 'y',
        layout: { padding: 14 },
        plugins: {
          legend: { display: false },
          ...titles(
            finding,
            `Each bar is one request, from its arrival at the target to its answer, in round 1. ` +
              `${computed ? `${palette.computeName}: CPU work. ` : ''}Requests are stacked in their order, a panel for each variant.`,
          ),
        },
        scales: scales as Record<string, ScaleOptionsByType<'linear'>>,
      },
      plugins: [drawOver('ends', (chart, context) => drawEnds(chart, context, panels))],
    },
  };
}

interface Span {
  readonly job: number;
  readonly fromMs: number;
  readonly toMs: number;
}

interface Panel {
  readonly axis: string;
  readonly variant: number;
  /** How many rows the panel has. */
  readonly jobs: number;
  readonly endMs: number;
  readonly requests: readonly Span[];
  readonly compute: readonly Span[];
}

function panelsOf(record: Traced, groups: readonly string[] | undefined): Panel[] {
  const shown = record.traces.filter(
    ({ variant }) => groups === undefined || groups.includes(record.variants[variant]?.group ?? ''),
  );
  return shown.map(({ variant, arrivedMs, releasedMs, compute }, index) => {
    const requests = arrivedMs.map((fromMs, job) => ({ job, fromMs, toMs: releasedMs[job] ?? fromMs }));
    const computed = compute.job.map((job, span) => ({
      job,
      fromMs: compute.fromMs[span] ?? 0,
      toMs: compute.toMs[span] ?? 0,
    }));
    const all = [...requests, ...computed];
    return {
      axis: `y${index}`,
      variant,
      jobs: Math.max(0, ...all.map(({ job }) => job + 1)),
      endMs: Math.max(0, ...all.map(({ toMs }) => toMs)),
      requests,
      compute: computed,
    };
  });
}

function barsOf(axis: string, jobs: number, spans: readonly Span[], colour: string): ChartDataset {
  return {
    // Chart.js draws [from, to] as a floating bar, which its types know for category axes only.
    data: spans.map(({ job, fromMs, toMs }) => ({ x: [fromMs, toMs], y: job })) as unknown as number[],
    yAxisID: axis,
    backgroundColor: colour,
    barThickness: Math.max(1, (PANEL_HEIGHT - 14) / Math.max(1, jobs)),
    // A wait of a few ms next to one of minutes must still be seen.
    minBarLength: 2,
    grouped: false,
  };
}

/** Axes that share the stack stand one above the other; the last one named would be on top. */
function panelScale(record: Traced, variant: number, requests: number) {
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
    border: { color: palette.ink },
    ticks: { display: false },
    title: {
      display: true,
      text: record.variants[variant]?.id ?? '',
      color: palette.ink,
      font: { family: FONT_FAMILY, size: 12, weight: 600 },
    },
  };
}

/** Separates the panels, and says beside the last answer of each when it came. */
function drawEnds(chart: Chart, context: Chart['ctx'], panels: readonly Panel[]): void {
  for (const { axis, endMs } of panels) {
    const { [axis]: panel, x: time } = chart.scales;
    if (panel === undefined || time === undefined) continue;
    context.fillStyle = palette.grid;
    context.fillRect(time.left, panel.bottom, time.width, 1);
    const end = time.getPixelForValue(endMs);
    const beside = end + 80 < time.right;
    context.fillStyle = palette.ink;
    context.font = `600 12px ${FONT_FAMILY}`;
    context.textAlign = beside ? 'left' : 'right';
    context.fillText(formatTime(endMs), beside ? end + 8 : end, panel.bottom - (beside ? 10 : 24));
  }
}
