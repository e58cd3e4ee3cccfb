import type { Chart } from 'chart.js';
import type { TimeWindow } from '../../../charts/picture.ts';
import type { Painter } from '../../../charts/pictures.ts';
import { keepUnits } from '../../text.ts';
import type { ExperimentData } from '../data.ts';
import { redraw } from './redraw.ts';
import { roundOf } from './single-rounds.ts';

/**
 * Makes a figure of the page interactive: its buttons, and its picture, which is redrawn after each change.
 *
 * @param painter draws it in the current colours
 * @param chosenRound the single round to show, or undefined
 * @returns a function that draws it
 */
export function createFigure(
  element: HTMLElement,
  own: ExperimentData,
  painter: () => Painter,
  chosenRound: () => number | undefined,
): () => void {
  const chart = own.record.charts[Number(element.dataset.chart)]!;
  const canvas = element.querySelector('canvas')!;
  const scaleButton = element.querySelector<HTMLElement>('[data-action="scale"]');
  let otherScale = false;
  let drawn: Chart | undefined;

  const draw = () => {
    const number = chosenRound();
    const round = number === undefined ? undefined : roundOf(own, number);
    const picture = painter().picture(chart, own.record, own, {
      window: time?.shown(),
      round,
      otherScale,
    });
    const isOfAll = number === undefined || !('rounds' in element.dataset);
    const said = isOfAll ? picture.caption : `${picture.caption} Diamonds: round ${number}.`;
    element.querySelector('.caption')!.textContent = keepUnits(said);
    drawn = redraw(canvas, picture, drawn);
    describe(canvas, drawn);
    const isLog = (painter().scaleOf(chart) === 'log') !== otherScale;
    if (scaleButton !== null)
      scaleButton.textContent = `Switch to a ${isLog ? 'linear' : 'logarithmic'} scale`;
  };
  const wholeTime = painter().timeOf(chart, own.record);
  const time =
    wholeTime === undefined ? undefined : createTimeWindow(wholeTime.window, wholeTime.endMs, draw);

  scaleButton?.addEventListener('click', () => {
    otherScale = !otherScale;
    draw();
  });
  if (time !== undefined) {
    for (const button of element.querySelectorAll<HTMLElement>('[data-action]'))
      button.addEventListener('click', () => time.act(button.dataset.action!));
    followPointer(canvas, time, () => drawn?.chartArea ?? { left: 0, width: canvas.clientWidth });
  }
  return draw;
}

/** Writes the contents of a picture to attributes, for programs: the numbers of bars and points, and their labels. */
function describe(canvas: HTMLCanvasElement, { data, options }: Chart): void {
  const annotations: { type?: string; content?: unknown }[] = Object.values(
    options.plugins?.annotation?.annotations ?? {},
  );
  // A dataset may have no bar on a row that another one has.
  const isMark = (point: unknown) => point !== null && (point as { x?: number | null }).x !== null;
  canvas.dataset.marks = String(data.datasets.flatMap((dataset) => dataset.data.filter(isMark)).length);
  canvas.dataset.labels = annotations
    .flatMap(({ type, content }) => (type === 'label' ? String(content) : []))
    .join(' ');
}

/** The shortest visible time; traces have no finer details. */
const LEAST_WINDOW_MS = 1;

interface MovingWindow {
  shown(): TimeWindow;
  /** Performs the action of the button with this name. */
  act(action: string): void;
  /** Shows `factor` times as much of the time, around a place given as a share of the shown part. */
  zoom(factor: number, at: number): void;
  /** Moves the shown part by a share of its length. */
  move(share: number): void;
}

/** The visible part of the time in a picture; `changed` is called at most once per frame. */
function createTimeWindow(initial: TimeWindow, endMs: number, changed: () => void): MovingWindow {
  let shown = initial;
  let frame = 0;
  const show = (fromMs: number, lengthMs: number) => {
    const length = Math.max(LEAST_WINDOW_MS, Math.min(lengthMs, endMs));
    // Rounded to a microsecond, which removes errors of floating point sums.
    const from = Math.round(Math.max(0, Math.min(fromMs, endMs - length)) * 1000) / 1000;
    shown = { fromMs: from, toMs: from + length };
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(changed);
  };
  const zoom = (factor: number, at: number) => {
    const lengthMs = shown.toMs - shown.fromMs;
    show(shown.fromMs + lengthMs * at * (1 - factor), lengthMs * factor);
  };
  const move = (share: number) => {
    const lengthMs = shown.toMs - shown.fromMs;
    show(shown.fromMs + lengthMs * share, lengthMs);
  };
  return {
    shown: () => shown,
    zoom,
    move,
    act(action) {
      if (action === 'in') zoom(0.5, 0.5);
      else if (action === 'out') zoom(2, 0.5);
      else if (action === 'earlier') move(-0.5);
      else if (action === 'later') move(0.5);
      else if (action === 'whole') show(0, endMs);
    },
  };
}

/** Ctrl with the wheel, which a touchpad's pinch also sends, zooms at the pointer; dragging moves. */
function followPointer(
  canvas: HTMLCanvasElement,
  time: MovingWindow,
  areaOf: () => { left: number; width: number },
): void {
  let lastX: number | undefined;
  canvas.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey) return;
      event.preventDefault();
      const { left, width } = areaOf();
      const at = Math.max(0, Math.min(1, (event.offsetX - left) / width));
      time.zoom(event.deltaY > 0 ? 1.25 : 0.8, at);
    },
    { passive: false },
  );
  // A finger that moves up or down scrolls the page.
  canvas.style.touchAction = 'pan-y';
  canvas.addEventListener('pointerdown', (event) => {
    lastX = event.clientX;
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (lastX === undefined) return;
    time.move((lastX - event.clientX) / areaOf().width);
    lastX = event.clientX;
  });
  for (const end of ['pointerup', 'pointercancel'] as const)
    canvas.addEventListener(end, () => {
      lastX = undefined;
    });
}
