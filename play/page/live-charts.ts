import type { ChartConfiguration } from 'chart.js';
import { axisOf } from '../../harness/charts/axes.ts';
import { legend } from '../../harness/charts/legend.ts';
import { colourOf, type Palette } from '../../harness/charts/palette.ts';
import { axisText } from '../../harness/charts/style.ts';
import type { JobView, Point, RunView } from './view.ts';

/** A live picture. */
export interface Drawing {
  readonly configuration: ChartConfiguration;
  /** Shows all events so far; unfinished bars grow to `nowMs`. */
  follow(nowMs: number): void;
}

/** The width of each vertical axis, which makes the time axes of both pictures equal. */
const AXIS_WIDTH = 52;
/** The colour of the loop delay, which no strategy has. */
const DELAY_COLOUR = 6;

/** A bar per request, and a bar for its CPU work. */
export function timelineDrawing(
  view: RunView,
  { height, place, palette }: { height: number; place: number; palette: Palette },
): Drawing {
  const { requests, sliceMs } = view.given.choices;
  const parts = [
    createBars(palette.compute, 'CPU work', (job) => [job.computingMs, job.computedMs]),
    createBars(palette.faint, 'ready, but not sent yet', (job) => [job.computedMs, job.sentMs]),
    createBars(colourOf(place, palette), 'waiting for the answer', (job) => [job.sentMs, job.answeredMs]),
  ].slice(sliceMs > 0 ? 0 : 2);
  const barThickness = Math.max(1, ((height - 70) / requests) * 0.8);
  return {
    configuration: {
      type: 'bar',
      // Chart.js draws [from, to] as a floating bar, but its types allow that for category axes only.
      data: { datasets: parts.map(({ dataset }) => ({ ...dataset, barThickness })) as never },
      options: {
        ...options(palette),
        indexAxis: 'y',
        layout: { padding: { right: AXIS_WIDTH } },
        scales: { x: timeAxis(palette) as never, y: requestAxis(requests, palette) as never },
      },
    },
    follow(nowMs) {
      for (const { follow } of parts) follow(view.jobs, nowMs);
    },
  };
}

/** The bars of all jobs between two moments; a bar without an end grows. */
function createBars(
  colour: string,
  label: string,
  momentsOf: (job: JobView) => readonly [fromMs: number | null, toMs: number | null],
) {
  const bars: { x: [number, number]; y: number }[] = [];
  const growing = new Map<number, (typeof bars)[number]>();
  const seen = new Set<number>();
  return {
    dataset: { label, data: bars, backgroundColor: colour, grouped: false },
    follow(jobs: readonly JobView[], nowMs: number) {
      for (const [job, view] of jobs.entries()) {
        const [fromMs, toMs] = momentsOf(view);
        if (fromMs === null || (seen.has(job) && !growing.has(job))) continue;
        const bar = growing.get(job) ?? { x: [fromMs, fromMs], y: job + 1 };
        if (!seen.has(job)) bars.push(bar);
        seen.add(job);
        growing.set(job, bar);
        bar.x[1] = toMs ?? Math.max(fromMs, nowMs);
        if (toMs !== null) growing.delete(job);
      }
    },
  };
}

/** The requests in flight and the loop delay over time. */
export function loadDrawing(view: RunView, { place, palette }: { place: number; palette: Palette }): Drawing {
  const inFlight: Point[] = [];
  const loopDelay: Point[] = [];
  const line = { pointRadius: 0, borderWidth: 2 };
  return {
    configuration: {
      type: 'line',
      data: {
        datasets: [
          {
            ...line,
            label: 'in flight (left)',
            data: inFlight,
            yAxisID: 'inFlight',
            stepped: 'before',
            borderColor: colourOf(place, palette),
          },
          {
            ...line,
            label: 'loop delay (ms, right)',
            data: loopDelay,
            yAxisID: 'loopDelay',
            borderColor: colourOf(DELAY_COLOUR, palette),
            borderDash: [5, 3],
          },
        ],
      },
      options: {
        ...options(palette),
        parsing: false,
        normalized: true,
        scales: {
          x: timeAxis(palette) as never,
          inFlight: countAxis('left', view.given.limit, palette) as never,
          loopDelay: countAxis('right', 20, palette) as never,
        },
      },
    },
    follow(nowMs) {
      inFlight.splice(0, inFlight.length, ...view.inFlight, { x: nowMs, y: view.inFlight.at(-1)?.y ?? 0 });
      loopDelay.splice(0, loopDelay.length, ...view.loopDelay, ...delaySoFar(view, nowMs));
    },
  };
}

/** Without events for this long, in ms, the loop counts as blocked. */
const NEWS_MS = 200;

/** A blocked loop cannot report its delay, which is at least the time since its last event. */
function delaySoFar({ loopDelay, end }: RunView, nowMs: number): Point[] {
  const silentMs = nowMs - (loopDelay.at(-1)?.x ?? 0);
  return end === null && silentMs > NEWS_MS ? [{ x: nowMs, y: silentMs }] : [];
}

/** The options of both pictures: no animation, no interaction. */
function options(palette: Palette) {
  return {
    animation: false as const,
    maintainAspectRatio: false,
    events: [],
    plugins: { ...legend(palette), tooltip: { enabled: false } },
  };
}

function timeAxis(palette: Palette) {
  return {
    type: 'linear' as const,
    min: 0,
    grid: { color: palette.grid },
    ticks: {
      ...axisText(palette),
      maxRotation: 0,
      maxTicksLimit: 8,
      includeBounds: false,
      callback: (timeMs: number | string) =>
        Number(timeMs) < 1000 ? `${timeMs} ms` : `${Number(timeMs) / 1000} s`,
    },
  };
}

function requestAxis(requests: number, palette: Palette) {
  const axis = axisOf({ title: 'request', scale: 'linear' }, palette);
  return {
    ...axis,
    min: 0,
    max: requests + 1,
    offset: false,
    reverse: true,
    grid: { display: false },
    ticks: {
      ...axisText(palette),
      precision: 0,
      callback: (job: number | string) => (Number(job) >= 1 && Number(job) <= requests ? String(job) : null),
    },
    afterFit: keepWidth,
  };
}

/** Without a title: the legend names it, and a phone has no room for a title next to large numbers. */
function countAxis(position: 'left' | 'right', suggestedMax: number, palette: Palette) {
  return {
    ...axisOf({ title: '', scale: 'linear' }, palette),
    title: { display: false },
    position,
    suggestedMax,
    ticks: { ...axisText(palette), precision: 0 },
    ...(position === 'right' ? { grid: { display: false } } : {}),
    afterFit: keepWidth,
  };
}

function keepWidth(axis: { width: number }): void {
  axis.width = AXIS_WIDTH;
}
