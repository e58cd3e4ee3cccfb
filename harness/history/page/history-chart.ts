/** Charts of a series as SVG, small enough for hundreds of runs of a hundred rows on one page. */
import { html, type Markup, raw } from '../../report/page/markup.ts';

const SIZE = { width: 1000, height: 200 };
/** The least range of a scale of logarithms: 10 %, so that noise does not look like a change. */
const LEAST_RANGE = Math.log(1.1);

/** A line of a chart: its values, one a run, above 0; null leaves a gap. */
export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** The ends of each value's interval. */
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
  readonly dashed?: boolean;
}

/** A chart over runs, on a scale of logarithms. */
export interface HistoryChart {
  readonly title: string;
  readonly lines: readonly Line[];
  /** Positions of the first runs after changes. */
  readonly marks: readonly number[];
  /** A value for people. */
  readonly format: (value: number) => string;
}

/** Draws a chart; a reader that sees no pictures gets its title with first, last, smallest and largest value. */
export function drawHistoryChart({ title, lines, marks, format }: HistoryChart): Markup {
  const all = lines.flatMap(({ values, low = [], high = [] }) => [...values, ...low, ...high]);
  const known = all.filter((value) => value !== null);
  if (known.length === 0) return html``;
  const [least, most] = [Math.min(...known), Math.max(...known)];
  const count = lines[0]!.values.length;
  const scale = scaleOf(least, most);
  const x = (run: number) => Math.round(count === 1 ? SIZE.width / 2 : (run * SIZE.width) / (count - 1));
  const place = (value: number | null, run: number): Place | null =>
    value === null ? null : [x(run), scale(value)];
  const bands = lines.flatMap(({ values, low, high }) => {
    if (low === undefined || high === undefined) return [];
    const upper = values.map((value, run) => place(high[run] ?? value, run));
    const lower = values.map((value, run) => place(low[run] ?? value, run));
    return [html`<path class="band" d="${pathOf([...upper, ...lower.reverse()])}z"/>`];
  });
  const drawn = lines.map(
    ({ values, dashed = false }) =>
      html`<path class="${dashed ? 'line dashed' : 'line'}" d="${pathOf(values.map(place))}"/>`,
  );
  const rules = marks.map((run) => html`<path class="mark" d="M${x(run - 0.5)} 0V${SIZE.height}"/>`);
  const ends = lines.map(({ name, values }) => `${name} ${endsOf(values, format)}`).join(', ');
  const label = `${title}: ${ends}; from ${format(least)} to ${format(most)}.`;
  return html`<figure><figcaption>${title}: ${format(least)} to ${format(most)}</figcaption>
<svg role="img" aria-label="${label}" viewBox="-5 -5 ${SIZE.width + 10} ${SIZE.height + 10}" preserveAspectRatio="none">${raw(
    [...bands, ...rules, ...drawn].map(({ text }) => text).join(''),
  )}</svg></figure>
`;
}

type Place = readonly [x: number, y: number];

function scaleOf(least: number, most: number): (value: number) => number {
  const range = Math.max(LEAST_RANGE, Math.log(most / least));
  const middle = (Math.log(least) + Math.log(most)) / 2;
  return (value) => Math.round(SIZE.height * (0.5 - (Math.log(value) - middle) / range));
}

/** A path in whole steps from place to place, which is half as long as one of places; it skips gaps. */
function pathOf(places: readonly (Place | null)[]): string {
  const [first, ...others] = places.filter((place) => place !== null);
  if (first === undefined) return '';
  let [x, y] = first;
  const steps = others.map(([nextX, nextY]) => {
    const step = `${nextX - x}${nextY < y ? '' : ' '}${nextY - y}`;
    [x, y] = [nextX, nextY];
    return step;
  });
  // A path of one place alone draws nothing.
  return `M${first[0]} ${first[1]}l${steps.length === 0 ? '1 0' : joined(steps)}`;
}

function joined(steps: readonly string[]): string {
  return steps.join(' ').replaceAll(' -', '-');
}

function endsOf(values: readonly (number | null)[], format: (value: number) => string): string {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? 'unknown' : `${format(known[0]!)} to ${format(known.at(-1)!)}`;
}
