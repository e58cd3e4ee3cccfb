/** The program of the report's page: draws its pictures, sorts its tables, shows its samples. */
import { Chart, type ChartConfiguration, registerables } from 'chart.js';
import { picturesOf } from '../charts/charts.ts';
import { usePalette } from '../charts/style.ts';
import type { PageData } from './data.ts';

Chart.register(...registerables);
const { experiments }: PageData = JSON.parse(document.getElementById('data')!.textContent!);
const drawn = new Map<HTMLElement, Chart>();
const linear = new Set<HTMLElement>();
const dark = matchMedia('(prefers-color-scheme: dark)');

function drawAll(): void {
  usePalette(dark.matches ? 'dark' : 'light');
  for (const figure of document.querySelectorAll<HTMLElement>('figure')) draw(figure);
}

function draw(figure: HTMLElement): void {
  const own = experiments.find(({ id }) => id === figure.dataset.experiment);
  const picture = own && picturesOf(own.record, own)[Number(figure.dataset.chart)]?.picture;
  if (picture === undefined) return;
  const { width, height, configuration } = picture;
  const canvas = figure.querySelector('canvas')!;
  const titles = configuration.options?.plugins;
  const caption = [titles?.subtitle?.text ?? ''].flat().join(' ');
  figure.querySelector('span')!.textContent = caption;
  // The finding stands above the picture, and what it shows below it: as text, for everyone.
  const frame = canvas.parentElement!;
  frame.style.height = `${height - 60}px`;
  frame.style.maxWidth = `${width * 1.25}px`;
  drawn.get(figure)?.destroy();
  const scales = scalesOf(configuration, linear.has(figure));
  drawn.set(
    figure,
    new Chart(canvas, {
      ...configuration,
      options: {
        ...configuration.options,
        ...(scales === undefined ? {} : { scales }),
        animation: false,
        maintainAspectRatio: false,
        plugins: { ...titles, title: { display: false }, subtitle: { display: false } },
      },
    } as ChartConfiguration),
  );
  offerLinear(figure, configuration);
}

/** The same scales, logarithmic ones as linear ones where that is wanted. */
function scalesOf({ options }: ChartConfiguration, asLinear: boolean) {
  const scales = options?.scales;
  if (!asLinear || scales === undefined) return scales;
  return Object.fromEntries(
    Object.entries(scales).map(([name, scale]) => [
      name,
      scale?.type === 'logarithmic'
        ? { ...scale, type: 'linear', ticks: { ...scale.ticks, callback: undefined } }
        : scale,
    ]),
  );
}

function offerLinear(figure: HTMLElement, { options }: ChartConfiguration): void {
  const button = figure.querySelector('button')!;
  button.hidden = !Object.values(options?.scales ?? {}).some((scale) => scale?.type === 'logarithmic');
  button.textContent = linear.has(figure) ? 'Switch to a logarithmic scale' : 'Switch to a linear scale';
  button.onclick = () => {
    if (linear.has(figure)) linear.delete(figure);
    else linear.add(figure);
    draw(figure);
  };
}

/** What a cell is sorted by: its number in the least unit, or its words. */
function keyOf(cell: string): number | string {
  const [, figure, unit = ''] = /^(-?[\d.]+(?:e[+-]?\d+)?)\s?(µs|ms|s|B|KiB|MiB|%|x)?/.exec(cell) ?? [];
  if (figure === undefined) return cell;
  const units: Record<string, number> = { µs: 1e-3, s: 1e3, KiB: 1024, MiB: 1024 ** 2 };
  return Number(figure) * (units[unit] ?? 1);
}

function sortBy(heading: HTMLTableCellElement): void {
  const body = heading.closest('table')!.tBodies[0]!;
  const descending = heading.getAttribute('aria-sort') === 'ascending';
  for (const other of heading.parentElement!.children) other.removeAttribute('aria-sort');
  heading.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
  const keyed = [...body.rows].map((row) => ({
    row,
    key: keyOf(row.cells[heading.cellIndex]?.textContent ?? ''),
  }));
  keyed.sort(({ key: one }, { key: other }) => {
    if (typeof one === 'number' && typeof other === 'number') return one - other;
    // Words after numbers.
    return typeof one === typeof other
      ? String(one).localeCompare(String(other))
      : typeof one === 'number'
        ? -1
        : 1;
  });
  if (descending) keyed.reverse();
  body.append(...keyed.map(({ row }) => row));
}

/** Written when somebody asks for them: there are thousands. */
function showSamples(details: HTMLDetailsElement): void {
  const own = experiments.find(({ id }) => id === details.dataset.experiment);
  if (own === undefined || details.querySelector('table') !== null) return;
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const heading of ['variant', 'round', 'twin', 'time (ms)', 'CPU (ms)', 'bound (ms)']) {
    const cell = document.createElement('th');
    cell.textContent = heading;
    head.append(cell);
  }
  const body = table.createTBody();
  for (const [round, variant, twin, ...times] of own.samples) {
    const { id = '', group = '' } = own.record.variants[variant ?? 0] ?? {};
    const row = body.insertRow();
    const cells = [`${group} ${id}`.trim(), round, twin === 1 ? 'yes' : '', ...times];
    for (const cell of cells) row.insertCell().textContent = String(cell);
  }
  const scroll = document.createElement('div');
  scroll.className = 'scroll';
  scroll.append(table);
  details.append(scroll);
}

for (const button of document.querySelectorAll<HTMLElement>('th button'))
  button.addEventListener('click', () => sortBy(button.closest('th')!));
for (const details of document.querySelectorAll<HTMLDetailsElement>('details.raw'))
  details.addEventListener('toggle', () => showSamples(details));
dark.addEventListener('change', drawAll);
// A picture is drawn once, in whatever font there is by then.
const fonts = ['400', '600'].map((weight) => document.fonts.load(`${weight} 13px Inter`));
Promise.allSettled(fonts).then(drawAll);
