/** The program of the page: sends the form's choices, and draws the events of runs. */
import { Chart, registerables } from 'chart.js';
import { colourOf, PALETTES } from '../../harness/charts/palette.ts';
import { formatTime, ratioDigits } from '../../harness/findings/numbers.ts';
import { keepUnits } from '../../harness/report/text.ts';
import type { RunEvent } from '../events.ts';
import type { PageData } from '../play-page.ts';
import { type Drawing, loadDrawing, timelineDrawing } from './live-charts.ts';
import { happen, newView, type RunView } from './view.ts';
import { captionOf, pictureLabels, speedupOf, statusOf } from './words.ts';

Chart.register(...registerables);
const byId = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const { strategies }: PageData = JSON.parse(byId('data').textContent!);
const form = byId<HTMLFormElement>('choices');
const start = byId<HTMLButtonElement>('start');
const stop = byId<HTMLButtonElement>('stop');
const status = byId('status');
const dark = matchMedia('(prefers-color-scheme: dark)');
const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** The share of the time for drawing: the run uses the same processors. */
const DRAWING_SHARE = 0.25;
const CALM_INTERVAL_MS = 500;

let view: RunView | null = null;
let pictures: { readonly chart: Chart; readonly drawing: Drawing }[] = [];
/** The zero of the run's clock on this page's clock: the earliest that the events allow. */
let zeroMs = Number.POSITIVE_INFINITY;
let drawAgainMs = 0;

const fields = () => [...form.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select')];

// The address contains the form's choices, so that users can share them.

function readAddress(): void {
  const asked = new URLSearchParams(location.hash.slice(1));
  for (const field of fields()) {
    const value = asked.get(field.name);
    if (value === null) continue;
    const before = field.value;
    field.value = value;
    // Values outside the limits are ignored.
    if (field.value !== value || !field.checkValidity()) field.value = before;
  }
  showStrategy();
}

function writeAddress(): void {
  const asked = new URLSearchParams(fields().map(({ name, value }) => [name, value]));
  history.replaceState(null, '', `#${asked}`);
}

function showStrategy(): void {
  const { limit, hint } = strategies[byId<HTMLSelectElement>('strategy').value]!;
  byId('hint').textContent = hint;
  byId<HTMLInputElement>('limit').disabled = limit === null;
  form.querySelector('label[for=limit]')!.textContent = limit ?? 'No limit here';
}

/** Sends a request to the app, and shows its error. */
async function ask(path: string, body: object): Promise<void> {
  try {
    const answer = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!answer.ok) status.textContent = keepUnits(((await answer.json()) as { error: string }).error);
  } catch {
    sayLost();
  }
}

function sayLost(): void {
  status.textContent = 'The app does not answer; start npm run play again.';
}

function askToStart(event: Event): void {
  event.preventDefault();
  const choices = fields().map(({ name, value, type }) => [name, type === 'number' ? Number(value) : value]);
  ask('/run', Object.fromEntries(choices));
}

// Events of the run.

function listen(): void {
  const source = new EventSource('/events');
  source.onopen = () => {
    // A new connection receives all events from the start.
    view = null;
  };
  source.onmessage = ({ data }) => takeIn(JSON.parse(data) as RunEvent[]);
  source.onerror = () => {
    sayLost();
    showButtons(false);
  };
}

function takeIn(events: readonly RunEvent[]): void {
  for (const event of events) {
    if (event.type === 'preparing') {
      view = newView(event);
      zeroMs = Number.POSITIVE_INFINITY;
      startPictures();
    } else if (view !== null) {
      happen(view, event);
      if ('atMs' in event) zeroMs = Math.min(zeroMs, performance.now() - event.atMs);
    }
  }
  const running = view !== null && view.end === null;
  const said = view === null ? 'Nothing has run yet.' : keepUnits(statusOf(view));
  // Screen readers would read an unchanged text again.
  if (status.textContent !== said) status.textContent = said;
  showButtons(running);
  if (!running) finish();
}

/** Moves the focus to the other button if the focused one is disabled. */
function showButtons(running: boolean): void {
  const [on, off] = running ? [stop, start] : [start, stop];
  const move = document.activeElement === off;
  on.disabled = false;
  if (move) on.focus();
  off.disabled = true;
}

function finish(): void {
  draw();
  if (view === null) return;
  const labels = pictureLabels(view);
  byId('timeline').setAttribute('aria-label', labels.timeline);
  byId('load').setAttribute('aria-label', labels.load);
}

// Drawing.

function startPictures(): void {
  for (const { chart } of pictures) chart.destroy();
  pictures = [];
  if (view === null) return;
  const palette = PALETTES[dark.matches ? 'dark' : 'light'];
  const { strategy } = view.given.choices;
  const place = Object.keys(strategies).indexOf(strategy);
  const drawings = {
    timeline: timelineDrawing(view, { height: byId('timeline-picture').clientHeight, place, palette }),
    load: loadDrawing(view, { place, palette }),
  };
  for (const [id, drawing] of Object.entries(drawings))
    pictures.push({ drawing, chart: new Chart(byId<HTMLCanvasElement>(id), drawing.configuration) });
  byId('timeline').closest('figure')!.querySelector('figcaption')!.textContent = keepUnits(captionOf(view));
  byId('race').style.setProperty('--run', colourOf(place, palette));
  byId('race').style.setProperty('--serial', palette.faint);
  draw();
}

function nowMs(): number {
  if (view === null || !view.begun) return 0;
  if (view.end === null) return Math.max(view.lastMs, performance.now() - zeroMs);
  return 'wallMs' in view.end ? view.end.wallMs : view.lastMs;
}

function draw(): void {
  if (view === null) return;
  const atMs = nowMs();
  drawRace(view, atMs);
  const max = view.end === null ? roundUp(atMs) : Math.max(1, atMs * 1.02);
  for (const { chart, drawing } of pictures) {
    drawing.follow(atMs);
    Object.assign(chart.options.scales!.x!, { max });
    chart.update('none');
  }
}

/** Rounds up to one of a few times, so that the bars grow and not the axis. */
function roundUp(timeMs: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(100, timeMs)));
  return [1.5, 2, 3, 5, 7.5, 10, 15].map((step) => step * power).find((most) => most > timeMs * 1.05)!;
}

function drawRace(view: RunView, atMs: number): void {
  const { serialMs } = view.given;
  const longestMs = Math.max(serialMs, atMs, 1);
  byId('serial').style.width = `${(100 * serialMs) / longestMs}%`;
  byId('elapsed').style.width = `${(100 * atMs) / longestMs}%`;
  byId('serial-time').textContent = keepUnits(`about ${formatTime(serialMs)}`);
  const speedup = view.end !== null && 'wallMs' in view.end ? speedupOf(view, atMs) : null;
  byId('elapsed-time').textContent =
    keepUnits(formatTime(atMs)) + (speedup === null ? '' : `, ${ratioDigits(speedup)} times as fast`);
}

function drawOn(timeMs: number): void {
  requestAnimationFrame(drawOn);
  if (view === null || view.end !== null || timeMs < drawAgainMs) return;
  const beganMs = performance.now();
  draw();
  const tookMs = performance.now() - beganMs;
  drawAgainMs = beganMs + (calm.matches ? CALM_INTERVAL_MS : tookMs / DRAWING_SHARE);
}

form.addEventListener('submit', askToStart);
form.addEventListener('input', () => {
  showStrategy();
  writeAddress();
});
stop.addEventListener('click', () => ask('/stop', {}));
addEventListener('hashchange', readAddress);
dark.addEventListener('change', startPictures);
readAddress();
// A canvas does not redraw when a font arrives, so the fonts load first.
const fonts = ['400', '600'].map((weight) => document.fonts.load(`${weight} 12px Inter`));
Promise.allSettled(fonts).then(() => {
  listen();
  requestAnimationFrame(drawOn);
});
