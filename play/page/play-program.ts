/** The program of the page: sends the form's choices, and draws the events of runs. */
import { Chart, registerables } from 'chart.js';
import { colourOf, PALETTES, type Palette } from '../../harness/charts/palette.ts';
import { formatRatio, formatTime } from '../../harness/findings/numbers.ts';
import { keepUnits } from '../../harness/report/text.ts';
import type { RunEvent } from '../events.ts';
import type { PageData } from '../play-page.ts';
import { type Drawing, loadDrawing, timelineDrawing } from './live-charts.ts';
import { happen, newView, type RunView } from './view.ts';
import { captionOf, pictureLabels, speedupOf, statusOf } from './words.ts';

Chart.register(...registerables);
const byId = <Kind extends HTMLElement>(id: string) => document.getElementById(id) as Kind;
const { strategies, command }: PageData = JSON.parse(byId('data').textContent!);
const form = byId<HTMLFormElement>('choices');
const start = byId<HTMLButtonElement>('start');
const stop = byId<HTMLButtonElement>('stop');
const status = byId('status');
const dark = matchMedia('(prefers-color-scheme: dark)');
const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** The share of the time for drawing: the run uses the same processors. */
const DRAWING_SHARE = 0.25;
const CALM_INTERVAL_MS = 500;

interface Picture {
  readonly chart: Chart;
  readonly drawing: Drawing;
  /** What it shows. */
  readonly view: RunView;
}

let view: RunView | null = null;
/** The run before, which stays for comparison. */
let last: RunView | null = null;
let pictures: Picture[] = [];
/** Where the run's clock has its zero on this page's: the least that any event allows. */
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
  form.querySelector('label[for=limit]')!.textContent = limit ?? 'Limit (not used)';
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
  status.textContent = `The app does not answer; start ${command} again.`;
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
      if (view?.begun) last = view;
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
  if (view !== null) describe(view, '');
}

/** Says what the pictures of a run show. */
function describe(view: RunView, prefix: Prefix): void {
  const labels = pictureLabels(view);
  byId(`${prefix}timeline`).setAttribute('aria-label', labels.timeline);
  byId(`${prefix}load`).setAttribute('aria-label', labels.load);
}

// Drawing.

/** What the ids of a run's elements begin with. */
type Prefix = '' | 'last-';

function startPictures(): void {
  for (const { chart } of pictures) chart.destroy();
  pictures = [];
  if (view === null) return;
  const palette = PALETTES[dark.matches ? 'dark' : 'light'];
  if (last !== null) {
    showLast();
    addPictures(last, 'last-', 'Last run', palette);
    describe(last, 'last-');
    byId('last-name').textContent = `Last run: ${last.given.choices.strategy}`;
    byId('race').style.setProperty('--last', colourOf(placeOf(last), palette));
  }
  addPictures(view, '', 'This run', palette);
  byId('elapsed-name').textContent = `This run: ${view.given.choices.strategy}`;
  byId('race').style.setProperty('--run', colourOf(placeOf(view), palette));
  byId('race').style.setProperty('--serial', palette.faint);
  draw();
}

/** Makes room for the last run, once. */
function showLast(): void {
  if (document.getElementById('last-pictures') !== null) return;
  byId('runs').append(byId<HTMLTemplateElement>('last-run').content.cloneNode(true));
  byId('last').closest<HTMLElement>('.lap')!.hidden = false;
}

function placeOf({ given }: RunView): number {
  return Object.keys(strategies).indexOf(given.choices.strategy);
}

function addPictures(view: RunView, prefix: Prefix, name: string, palette: Palette): void {
  const place = placeOf(view);
  const drawings = {
    timeline: timelineDrawing(view, {
      height: byId(`${prefix}timeline-picture`).clientHeight,
      place,
      palette,
    }),
    load: loadDrawing(view, { place, palette }),
  };
  for (const [id, drawing] of Object.entries(drawings)) {
    const chart = new Chart(byId<HTMLCanvasElement>(`${prefix}${id}`), drawing.configuration);
    pictures.push({ view, drawing, chart });
  }
  byId(`${prefix}timeline`).closest('figure')!.querySelector('figcaption')!.textContent = keepUnits(
    `${name}: ${captionOf(view)}`,
  );
}

/** Until when a run is drawn. */
function timeOf(shown: RunView): number {
  if (!shown.begun) return 0;
  if (shown.end === null) return Math.max(shown.lastMs, performance.now() - zeroMs);
  return 'wallMs' in shown.end ? shown.end.wallMs : shown.lastMs;
}

function draw(): void {
  if (view === null) return;
  const atMs = timeOf(view);
  drawRace(view, atMs);
  const own = view.end === null ? roundUp(atMs) : Math.max(1, atMs * 1.02);
  // All pictures have the same axes, so that two runs can be compared.
  const max = last === null ? own : Math.max(own, timeOf(last) * 1.02);
  const shown = [view, ...(last === null ? [] : [last])];
  const limit = Math.max(...shown.map(({ given }) => given.limit));
  const delayMs = shown.flatMap(({ loopDelay }) => loopDelay).reduce((most, { y }) => Math.max(most, y), 20);
  for (const { chart, drawing, view: drawn } of pictures) {
    drawing.follow(timeOf(drawn));
    const { x, inFlight, loopDelay } = chart.options.scales!;
    Object.assign(x!, { max });
    if (inFlight !== undefined) Object.assign(inFlight, { suggestedMax: limit });
    if (loopDelay !== undefined) Object.assign(loopDelay, { suggestedMax: delayMs });
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
  const lastMs = last === null ? 0 : timeOf(last);
  const longestMs = Math.max(serialMs, lastMs, atMs, 1);
  byId('last').style.width = `${(100 * lastMs) / longestMs}%`;
  byId('last-time').textContent = keepUnits(formatTime(lastMs));
  byId('serial').style.width = `${(100 * serialMs) / longestMs}%`;
  byId('elapsed').style.width = `${(100 * atMs) / longestMs}%`;
  byId('serial-time').textContent = keepUnits(`about ${formatTime(serialMs)}`);
  const speedup = view.end !== null && 'wallMs' in view.end ? speedupOf(view, atMs) : null;
  byId('elapsed-time').textContent =
    keepUnits(formatTime(atMs)) + (speedup === null ? '' : `, ${formatRatio(speedup)} as fast`);
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
