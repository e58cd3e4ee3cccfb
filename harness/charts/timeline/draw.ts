import type { Chart, ChartDataset, ScaleOptionsByType } from 'chart.js';
import { formatTime } from '../../findings/numbers.ts';
import { joinNames } from '../../report/text.ts';
import { groupSentence } from '../figures.ts';
import { colourOf, type Palette } from '../palette.ts';
import type { ChartDrawer, Picture, Scene, TimeWindow } from '../picture.ts';
import { axisText, drawLine, drawOver } from '../style.ts';
import type { TimelineChart } from './kind.ts';
import { headHeight, headLines, headOf, type Pen, writeHead } from './panel-heads.ts';

export default {
  draw,
  timeOf({ groups }, record) {
    const panels = panelsOf(record, [], groups);
    return { window: windowOf(panels), endMs: wholeTime(panels) };
  },
} satisfies ChartDrawer<TimelineChart>;

import {
  type CutPanel,
  cutTo,
  endOf,
  isTraced,
  isWithin,
  panelsOf,
  type Span,
  wholeTime,
  windowOf,
} from './panels.ts';

const PANEL_HEIGHT = 124;
const FRAME_HEIGHT = 80;

/**
 * Draws one bar per request from arrival to release, one bar per CPU work, and one panel per variant, on the same time
 * axis. It shows the whole time, the requested part, or the beginning if a single panel is much longer.
 */
function draw({ groups }: TimelineChart, { record, rows, palette, view }: Scene): Picture {
  const all = panelsOf(record, rows, groups);
  const shown = view.window ?? windowOf(all);
  const panels = all.map((panel) => cutTo(panel, shown));
  const wholeMs = wholeTime(all);
  const computed = panels.some(({ compute }) => compute.length > 0);
  const part = shown.fromMs > 0 || shown.toMs < wholeMs;
  return {
    width: 800,
    height: FRAME_HEIGHT + PANEL_HEIGHT * Math.max(1, panels.length),
    caption: joinNames(
      [
        'Each bar: one request, from its arrival at the target to its answer, in round 1.',
        computed ? `${palette.computeName}: CPU work.` : '',
        panels.some(({ boundMs }) => isWithin(boundMs, shown))
          ? 'Dashed: what is physically possible (the bound).'
          : '',
        part ? partOf(shown, endOf(all)) : '',
        groupSentence(rows.filter((row) => isTraced(record, row) && (groups?.includes(row.group) ?? true))),
      ],
      ' ',
    ),
    reading:
      'A panel for each variant, all over the same time; its requests are stacked in their order. Bars above each other are in ' +
      'flight at once: the more of them, the more waiting is hidden. A staircase waits for one answer before it asks for the next.',
    configuration: {
      type: 'bar',
      data: {
        datasets: panels.flatMap(({ axis, variant, first, last, requests, compute }) => {
          const barsHeight = PANEL_HEIGHT - headHeight(1) - 10;
          const thickness = Math.max(1, barsHeight / Math.max(1, last - first + 1));
          return [
            // A lower order is drawn on top.
            { ...barsOf(axis, requests, colourOf(variant, palette), thickness), order: 1 },
            { ...barsOf(axis, compute, palette.compute, thickness), order: 0 },
          ];
        }),
      },
      options: {
        indexAxis: 'y',
        layout: { padding: 14 },
        plugins: {
          legend: { display: false },
          tooltip: { callbacks: { title: () => '', label: ({ raw }) => tooltipOf(raw as Bar) } },
        },
        scales: {
          x: timeScale(shown, wholeMs > 10_000, palette),
          ...Object.fromEntries(
            panels.map((panel) => [panel.axis, panelScale(panel, { panels, shown, palette })]),
          ),
        } as unknown as Record<string, ScaleOptionsByType<'linear'>>,
      },
      plugins: [drawOver('ends', (chart, context) => drawPanels(chart, { context, palette }, panels, shown))],
    },
  };
}

function partOf({ fromMs, toMs }: TimeWindow, endMs: number): string {
  const shown =
    fromMs === 0 ? `The first ${formatTime(toMs)}` : `From ${formatTime(fromMs)} to ${formatTime(toMs)}`;
  return `${shown} of ${formatTime(endMs)}.`;
}

interface Bar {
  readonly x: readonly [number, number];
  readonly y: number;
}

function barsOf(axis: string, spans: readonly Span[], colour: string, thickness: number): ChartDataset {
  return {
    // Chart.js draws [from, to] as a floating bar, but its types allow that for category axes only.
    data: spans.map(({ job, fromMs, toMs }) => ({ x: [fromMs, toMs], y: job })) as unknown as number[],
    yAxisID: axis,
    backgroundColor: colour,
    barThickness: thickness,
    // A wait of a few ms must stay visible next to one of minutes.
    minBarLength: 2,
    grouped: false,
  };
}

function tooltipOf({ x: [fromMs, toMs], y }: Bar): string {
  return `${y}: ${formatTime(fromMs)} to ${formatTime(toMs)}, ${formatTime(toMs - fromMs)}`;
}

function timeScale({ fromMs, toMs }: TimeWindow, inSeconds: boolean, palette: Palette) {
  const seconds = inSeconds && toMs - fromMs > 2000;
  const digits = seconds && toMs - fromMs < 10_000 ? 1 : 0;
  return {
    type: 'linear',
    min: fromMs,
    max: toMs,
    grid: { color: palette.grid },
    ticks: {
      ...axisText(palette),
      includeBounds: false,
      maxRotation: 0,
      ...(seconds ? { callback: (timeMs: number) => (timeMs / 1000).toFixed(digits) } : {}),
    },
    title: {
      display: true,
      text: `${seconds ? 's' : 'ms'} since the start`,
      ...axisText(palette),
    },
  };
}

/** Stacks the axes of all panels vertically; Chart.js puts the last one on top. */
function panelScale(
  { axis, name, first, last }: CutPanel,
  { panels, shown, palette }: { panels: readonly CutPanel[]; shown: TimeWindow; palette: Palette },
) {
  const rows = last - first + 1.2;
  return {
    name,
    type: 'linear',
    position: 'left',
    stack: 'panels',
    stackWeight: 1,
    offset: false,
    reverse: true,
    weight: panels.length - Number(axis.slice(1)),
    // Leaves room above the bars for the panel's head.
    min({ chart }: { chart: Chart }) {
      const panelPx = Math.max(1, (chart.height - FRAME_HEIGHT) / panels.length);
      const headPx = Math.min(panelPx / 2, headHeight(headLines(chart, panels, shown)));
      return first - 0.6 - (rows * headPx) / (panelPx - headPx);
    },
    max: last + 0.6,
    grid: { display: false },
    border: { color: palette.ink },
    ticks: { display: false },
  };
}

/** Separates the panels and writes into each its name, its end, its visible part and its bound. */
function drawPanels(chart: Chart, pen: Pen, panels: readonly CutPanel[], shown: TimeWindow): void {
  const { context, palette } = pen;
  const headPx = headHeight(headLines(chart, panels, shown));
  for (const [index, given] of panels.entries()) {
    const { [given.axis]: panel, x: time } = chart.scales;
    if (panel === undefined || time === undefined) continue;
    if (index > 0) {
      context.fillStyle = palette.muted;
      context.fillRect(time.left, panel.top, time.width, 1);
    }
    if (isWithin(given.boundMs, shown)) {
      const at = time.getPixelForValue(given.boundMs);
      context.strokeStyle = palette.ink;
      context.setLineDash([4, 3]);
      drawLine(context, 1.5, at, panel.top + headPx, at, panel.bottom - 1);
      context.setLineDash([]);
    }
    writeHead(chart, pen, headOf(chart, given, shown), {
      left: time.left,
      right: time.right,
      top: panel.top,
    });
  }
}
