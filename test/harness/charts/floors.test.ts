import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createCanvas, loadImage } from 'canvas';
import { loadPainter } from '../../../harness/charts/painter.ts';
import { PALETTES } from '../../../harness/charts/palette.ts';
import type { Picture } from '../../../harness/charts/picture.ts';
import { createPainter } from '../../../harness/charts/pictures.ts';
import { renderPng } from '../../../harness/charts/render.ts';
import { FLOOR_NAME } from '../../../harness/charts/style.ts';
import type { Chart } from '../../../harness/model/chart.ts';
import type { Row } from '../../../harness/model/row.ts';
import { madeUpRecord, madeUpRow, TENFOLD } from '../../fixtures/record.ts';

const { picture } = await loadPainter();
const record = madeUpRecord(TENFOLD);

const rowOf = (variant: string, limit: number, value: number, given: Partial<Row> = {}) =>
  madeUpRow({
    variant,
    group: '10 ms',
    medianMs: 1000 / value,
    parameters: { limit },
    metrics: { cpuMs: 100 / value },
    speedup: { value, low: value * 0.99, high: value * 1.01 },
    ...given,
  });
const WITHOUT = [
  rowOf('serial', 1, 1, { baseline: true }),
  rowOf('semaphore@10', 10, 8),
  rowOf('semaphore@20', 20, 9),
];
const FLOOR = rowOf('floor@10', 10, 9.5, { floor: true });
const WITH = [...WITHOUT.slice(0, 2), FLOOR, ...WITHOUT.slice(2)];

const axis = { title: 'ms', scale: 'linear' as const };
const CHARTS: Readonly<Record<string, Chart>> = {
  speedup: { kind: 'speedup', view: 'speedup' },
  bars: { kind: 'bars', view: 'cpu', x: axis, series: [{ figure: 'cpuMs', title: 'CPU time' }] },
  'stacked bars': {
    ...{ kind: 'bars', view: 'parts', x: axis },
    series: [
      { figure: 'cpuMs', title: 'CPU time' },
      { figure: 'medianMs', title: 'time' },
    ],
  },
  'lines of groups': {
    ...{ kind: 'lines', view: 'groups', line: 'group', x: { ...axis, parameter: 'limit' }, left: axis },
    series: [{ figure: 'medianMs', title: 'time' }],
  },
  'lines of variants': {
    ...{ kind: 'lines', view: 'variants', line: 'variant', x: { ...axis, parameter: 'limit' }, left: axis },
    series: [{ figure: 'medianMs', title: 'time' }],
  },
};

interface Point {
  readonly x: number | null;
}
const floorsIn = ({ configuration }: Picture) =>
  configuration.data.datasets.filter(({ label }) => label === FLOOR_NAME);
const marksIn = (data: readonly unknown[]) =>
  data.filter((point) => point !== null && (point as Point).x !== null);
/** The names that the legend of a picture has. */
function listed({ configuration }: Picture): (string | undefined)[] {
  const { data, options } = configuration;
  const legend = options!.plugins!.legend as unknown as { display(context: object): boolean };
  const chart = { data, width: 800 };
  return legend.display({ chart }) ? data.datasets.map(({ label }) => label) : [];
}

for (const [name, chart] of Object.entries(CHARTS)) {
  test(`${name}: a floor is drawn apart from other rows, and the legend names it`, () => {
    const drawn = picture(chart, record, { rows: WITH });
    const floors = floorsIn(drawn);
    assert.equal(
      marksIn(floors.flatMap(({ data }) => data)).length,
      'series' in chart ? chart.series.length : 1,
    );
    const others = drawn.configuration.data.datasets.filter(({ label }) => label !== FLOOR_NAME);
    // Neither a bar nor a point of others is on the floor's place too.
    const without = picture(chart, record, { rows: WITHOUT });
    assert.equal(
      marksIn(others.flatMap(({ data }) => data)).length,
      without.configuration.data.datasets.flatMap(({ data }) => data).length,
    );
    assert.ok(listed(drawn).includes(FLOOR_NAME));
    assert.deepEqual(floorsIn(without), []);
  });
}

test('without a floor, bars of speedups have no legend, and no room for one', () => {
  const [without, drawn] = [WITHOUT, WITH.slice(0, 3)].map((rows) =>
    picture(CHARTS.speedup!, record, { rows }),
  );
  assert.deepEqual(listed(without!), []);
  assert.ok(drawn!.height > without!.height);
});

test('the law of scalability is fitted without floors', () => {
  const chart = { kind: 'scalability', view: 'law', parameter: 'limit', title: 'in flight' } as const;
  assert.deepEqual(
    picture(chart, record, { rows: WITH }).configuration.data,
    picture(chart, record, { rows: WITHOUT }).configuration.data,
  );
});

/** How many pixels of a picture have each of these colours. */
async function pixelsOf(drawn: Picture, colours: readonly string[]): Promise<number[]> {
  const image = await loadImage(renderPng({ title: 'Floors.', picture: drawn }));
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const wanted = colours.map((colour) => Number.parseInt(colour.slice(1), 16));
  const counts = colours.map(() => 0);
  for (let at = 0; at < data.length; at += 4) {
    const index = wanted.indexOf((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
    if (index >= 0) counts[index]! += 1;
  }
  return counts;
}

test('the bar of a floor is an outline on paper, in the colours of each palette', async () => {
  const { variants } = PALETTES.light;
  // The third row is the floor, or else an advice.
  const [plain] = await pixelsOf(
    picture(CHARTS.speedup!, record, { rows: WITH.map((row) => ({ ...row, floor: false })) }),
    [variants[2]!],
  );
  const [outlined] = await pixelsOf(picture(CHARTS.speedup!, record, { rows: WITH }), [variants[2]!]);
  assert.ok(plain! > 10_000 && outlined === 0, `${plain}, ${outlined}`);
  for (const palette of Object.values(PALETTES)) {
    const { loadParts } = await import('../../../harness/charts/kinds.ts');
    const painter = createPainter(await loadParts('draw'), palette);
    const [floor] = floorsIn(painter.picture(CHARTS.speedup!, record, { rows: WITH }));
    assert.deepEqual([floor!.backgroundColor, floor!.borderColor], [palette.paper, palette.ink]);
  }
});
