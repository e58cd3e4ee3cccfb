import type { Chart, ChartDataset, ScaleOptionsByType } from 'chart.js';
import type { Row } from '../../model.ts';
import type { RunRecord } from '../../record.ts';
import { formatTime, joinNames } from '../text.ts';
import type { Picture } from './picture.ts';
import { colourOf, drawOver, FONT_FAMILY, palette } from './style.ts';

type Traced = Pick<RunRecord, 'variants' | 'traces'>;

/** A part of the time, in ms since the start. */
export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

const PANEL_HEIGHT = 112;
const FRAME_HEIGHT = 80;
/** Panels of which one is so many times as long as most show its beginning only: the others would be a thin line. */
const LONG = 4;
/** How much more than most of them need is shown then. */
const AIR = 1.25;
/** Jobs that compute begin one after the other; of more in a panel the waits beside them could not be seen. */
const MOST_COMPUTING = 150;

/**
 * One bar a request from arrival to release and one for CPU work, one panel a variant, over the same time.
 *
 * @param rows give each panel its bound
 * @param window what of the time is shown; where left out, all of it, or the beginning where a single panel is much longer
 */
export function timelinePicture(
  record: Traced,
  rows: readonly Row[],
  groups: readonly string[] | undefined,
  window?: TimeWindow,
): Picture {
  const all = panelsOf(record, rows, groups);
  const shown = window ?? windowOf(all);
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
        part ? partOf(shown, latest(all.map(({ endMs }) => ({ toMs: endMs })))) : '',
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
          const thickness = Math.max(1, (PANEL_HEIGHT - 14) / Math.max(1, last - first + 1));
          return [
            // What has the lower order is drawn on top.
            { ...barsOf(axis, requests, colourOf(variant), thickness), order: 1 },
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
          x: timeScale(shown, wholeMs > 10_000),
          ...Object.fromEntries(panels.map((panel) => [panel.axis, panelScale(panel, panels.length)])),
        } as unknown as Record<string, ScaleOptionsByType<'linear'>>,
      },
      plugins: [drawOver('ends', (chart, context) => drawPanels(chart, context, panels, shown))],
    },
  };
}

/** How long all of a timeline is, in ms; what a page needs to know to move its window. */
export function timelineEndMs(record: Traced, groups: readonly string[] | undefined): number {
  return wholeTime(panelsOf(record, [], groups));
}

/** What is shown of the time unless somebody asks for more. */
export function timelineWindow(record: Traced, groups: readonly string[] | undefined): TimeWindow {
  return windowOf(panelsOf(record, [], groups));
}

interface Span {
  readonly job: number;
  readonly fromMs: number;
  readonly toMs: number;
}

interface Panel {
  readonly axis: string;
  readonly variant: number;
  readonly name: string;
  /** How many requests there are in all. */
  readonly total: number;
  readonly endMs: number;
  readonly boundMs: number;
  readonly requests: readonly Span[];
  readonly compute: readonly Span[];
}

/** What of a panel is in a window: its spans, and the first and the last of their jobs. */
interface CutPanel extends Panel {
  readonly first: number;
  readonly last: number;
}

function panelsOf(record: Traced, rows: readonly Row[], groups: readonly string[] | undefined): Panel[] {
  const shown = record.traces.filter(
    ({ variant }) => groups === undefined || groups.includes(record.variants[variant]?.group ?? ''),
  );
  return shown.map(({ variant, arrivedMs, releasedMs, compute }, index) => {
    const { id = '', group = '' } = record.variants[variant] ?? {};
    const requests = arrivedMs.map((fromMs, job) => ({ job, fromMs, toMs: releasedMs[job] ?? fromMs }));
    const computed = compute.job.map((job, span) => ({
      job,
      fromMs: compute.fromMs[span] ?? 0,
      toMs: compute.toMs[span] ?? 0,
    }));
    return {
      axis: `y${index}`,
      variant,
      name: id,
      total: requests.length,
      endMs: latest([...requests, ...computed]),
      boundMs: rows.find((row) => row.variant === id && row.group === group)?.boundMs ?? 0,
      requests,
      compute: computed,
    };
  });
}

function partOf({ fromMs, toMs }: TimeWindow, endMs: number): string {
  const shown =
    fromMs === 0 ? `The first ${formatTime(toMs)}` : `From ${formatTime(fromMs)} to ${formatTime(toMs)}`;
  return `${shown} of ${formatTime(endMs)}.`;
}

function isWithin(timeMs: number, { fromMs, toMs }: TimeWindow): boolean {
  return timeMs > fromMs && timeMs < toMs;
}

function latest(spans: readonly Pick<Span, 'toMs'>[]): number {
  return spans.reduce((latestMs, { toMs }) => Math.max(latestMs, toMs), 0);
}

function wholeTime(panels: readonly Panel[]): number {
  return Math.max(1, ...panels.map(({ endMs }) => endMs)) * 1.02;
}

function windowOf(panels: readonly Panel[]): TimeWindow {
  const wholeMs = wholeTime(panels);
  const median = panels.toSorted((one, other) => one.endMs - other.endMs)[Math.floor(panels.length / 2)];
  if (median === undefined) return { fromMs: 0, toMs: wholeMs };
  const crowded = median.compute.length > 0 && median.total > MOST_COMPUTING;
  const mostMs = median.endMs * AIR * (crowded ? MOST_COMPUTING / median.total : 1);
  return { fromMs: 0, toMs: crowded || wholeMs > LONG * mostMs ? mostMs : wholeMs };
}

function cutTo(panel: Panel, { fromMs, toMs }: TimeWindow): CutPanel {
  const isIn = (span: Span) => span.toMs >= fromMs && span.fromMs <= toMs;
  const [requests, compute] = [panel.requests.filter(isIn), panel.compute.filter(isIn)];
  const jobs = [...requests, ...compute].map(({ job }) => job);
  const first = jobs.reduce((least, job) => Math.min(least, job), jobs[0] ?? 0);
  const last = jobs.reduce((most, job) => Math.max(most, job), first);
  return { ...panel, requests, compute, first, last };
}

interface Bar {
  readonly x: readonly [number, number];
  readonly y: number;
}

function barsOf(axis: string, spans: readonly Span[], colour: string, thickness: number): ChartDataset {
  return {
    // Chart.js draws [from, to] as a floating bar, which its types know for category axes only.
    data: spans.map(({ job, fromMs, toMs }) => ({ x: [fromMs, toMs], y: job })) as unknown as number[],
    yAxisID: axis,
    backgroundColor: colour,
    barThickness: thickness,
    // A wait of a few ms next to one of minutes must still be seen.
    minBarLength: 2,
    grouped: false,
  };
}

function tooltipOf({ x: [fromMs, toMs], y }: Bar): string {
  return `${y}: ${formatTime(fromMs)} to ${formatTime(toMs)}, ${formatTime(toMs - fromMs)}`;
}

function timeScale({ fromMs, toMs }: TimeWindow, inSeconds: boolean) {
  const seconds = inSeconds && toMs - fromMs > 2000;
  const digits = seconds && toMs - fromMs < 10_000 ? 1 : 0;
  return {
    type: 'linear',
    min: fromMs,
    max: toMs,
    grid: { color: palette.grid },
    ticks: {
      color: palette.ink,
      font: { family: FONT_FAMILY },
      includeBounds: false,
      maxRotation: 0,
      ...(seconds ? { callback: (timeMs: number) => (timeMs / 1000).toFixed(digits) } : {}),
    },
    title: {
      display: true,
      text: `${seconds ? 's' : 'ms'} since the start`,
      color: palette.ink,
      font: { family: FONT_FAMILY },
    },
  };
}

/** Axes that share the stack stand one above the other; the last one named would be on top. */
function panelScale({ axis, name, first, last }: CutPanel, panels: number) {
  return {
    type: 'linear',
    position: 'left',
    stack: 'panels',
    stackWeight: 1,
    offset: false,
    reverse: true,
    weight: panels - Number(axis.slice(1)),
    min: first - 0.6,
    max: last + 0.6,
    grid: { display: false },
    border: { color: palette.ink },
    ticks: { display: false },
    title: {
      display: true,
      text: name,
      color: palette.ink,
      font: { family: FONT_FAMILY, size: 12, weight: 600 },
    },
  };
}

/** Separates the panels, and says in each what the bound is, when it ended, and how much of it is seen. */
function drawPanels(
  chart: Chart,
  context: Chart['ctx'],
  panels: readonly CutPanel[],
  { fromMs, toMs }: TimeWindow,
): void {
  for (const [index, { axis, endMs, boundMs, total, requests }] of panels.entries()) {
    const { [axis]: panel, x: time } = chart.scales;
    if (panel === undefined || time === undefined) continue;
    if (index > 0) {
      context.fillStyle = palette.muted;
      context.fillRect(time.left, panel.top, time.width, 1);
    }
    if (isWithin(boundMs, { fromMs, toMs })) {
      const at = time.getPixelForValue(boundMs);
      context.strokeStyle = palette.ink;
      context.lineWidth = 1.5;
      context.setLineDash([4, 3]);
      context.beginPath();
      context.moveTo(at, panel.top + 2);
      context.lineTo(at, panel.bottom - 1);
      context.stroke();
      context.setLineDash([]);
    }
    const count = requests.length < total ? `${requests.length} of ${total} requests, ` : '';
    const goesOn = endMs > toMs;
    // A staircase that goes on is at the top left of its panel, one that ends at the bottom.
    writeBeside(
      context,
      goesOn ? `${count}goes on to ${formatTime(endMs)}` : `${count}${formatTime(endMs)}`,
      {
        at: goesOn ? time.right : time.getPixelForValue(Math.max(endMs, boundMs, fromMs)),
        leftPx: time.left,
        rightPx: time.right,
        y: goesOn ? panel.top + 11 : panel.bottom - 9,
      },
    );
  }
}

/** Beside a place on the time axis: to its right where that has room, or else to its left, on paper. */
function writeBeside(
  context: Chart['ctx'],
  text: string,
  { at, leftPx, rightPx, y }: { at: number; leftPx: number; rightPx: number; y: number },
): void {
  context.font = `600 12px ${FONT_FAMILY}`;
  context.textBaseline = 'middle';
  context.textAlign = 'left';
  const { width } = context.measureText(text);
  const start = at + 8 + width < rightPx ? at + 8 : Math.max(leftPx + 4, Math.min(at, rightPx) - width - 8);
  context.globalAlpha = 0.85;
  context.fillStyle = palette.paper;
  context.fillRect(start - 3, y - 8, width + 6, 16);
  context.globalAlpha = 1;
  context.fillStyle = palette.ink;
  context.fillText(text, start, y);
}
