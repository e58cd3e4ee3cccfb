import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadPainter } from '../../../harness/charts/painter.ts';
import { chartOfPng, renderPng, renderSvg } from '../../../harness/charts/render.ts';
import { titleLines } from '../../../harness/charts/style.ts';
import { experimentOf } from '../../../harness/measure/plan/catalog.ts';
import { readRecords } from '../../../harness/record/record-files.ts';
import { changePicture } from '../../../harness/report/comparison/change-picture.ts';
import { compareRuns } from '../../../harness/report/comparison/comparison.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { cellsOf } from '../../../harness/report/table.ts';
import { writeComparisonCharts } from '../../../harness/report/write-report.ts';
import { paintPng as paintInPackage } from '../../../package/pictures/png.ts';
import { catalog } from '../../fixtures/project.ts';
import { baselineAlone, madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-charts-'));
after(() => rmSync(scratch, { recursive: true }));

const { picture: pictureOf, pictures: picturesOf } = await loadPainter();
const reference = readRecords(join(import.meta.dirname, '../../../results/reference'));
const summary = summarise(reference, experimentOf(catalog));

for (const [index, record] of reference.entries())
  test(`${record.experiment.id}: each chart says what it shows, what is drawn, and how to read it`, () => {
    const pictures = picturesOf(record, summary.experiments[index]!);
    assert.equal(pictures.length, record.charts.length);
    assert.equal(new Set(pictures.map(({ name }) => name)).size, pictures.length);
    for (const { name, title, picture } of pictures) {
      assert.match(title, /\.$/, name);
      assert.ok(titleLines(title, '').title.length <= 3, name);
      assert.match(picture.caption, /\.$|^$/, name);
      assert.match(picture.reading, /\.$/, name);
      const { scales = {} } = picture.configuration.options ?? {};
      const titled = Object.values(scales).filter(
        (scale) => (scale as { title?: { text?: string } }).title?.text,
      );
      assert.ok(titled.length >= 1, name);
    }
  });

const [baselineRow, fastRow] = summarise([madeUpRecord(TENFOLD)], () => undefined).experiments[0]!.rows;

test('a bar has the numbers of its row, and the whiskers its interval; the baseline has 1 and neither', () => {
  const record = madeUpRecord(TENFOLD);
  const [{ picture }] = picturesOf(record, { rows: [baselineRow!, fastRow!], chartTitles: {} }) as [
    ReturnType<typeof picturesOf>[number],
  ];
  const { data, options } = picture.configuration;
  const { value, low, high } = fastRow!.speedup;
  assert.deepEqual(data.labels, ['serial', 'promise-all']);
  assert.deepEqual(data.datasets[0]!.data, [
    { x: 1, xMin: null, xMax: null },
    { x: value, xMin: low, xMax: high },
  ]);
  const { annotations } = options!.plugins!.annotation as unknown as {
    annotations: { type: string; content?: string; xMin?: number }[];
  };
  assert.deepEqual(
    annotations.flatMap(({ type, content }) => (type === 'label' ? [content] : [])),
    [cellsOf(baselineRow!)[2], cellsOf(fastRow!)[2]],
  );
  assert.deepEqual(
    annotations.flatMap(({ type, xMin }) => (type === 'line' ? [xMin] : [])),
    [baselineRow!, fastRow!].map(({ boundMs }) => baselineRow!.medianMs / boundMs),
  );
});

const hashOf = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

test('the same picture gives the same bytes, as PNG with two pixels for each of CSS and as SVG', () => {
  const [index, record] = [...reference.entries()].find(
    ([, { experiment }]) => experiment.id === 'coroutines',
  )!;
  for (const given of picturesOf(record, summary.experiments[index]!)) {
    const png = renderPng(given);
    assert.equal(hashOf(renderPng(given)), hashOf(png));
    assert.equal(png.readUInt32BE(16), given.picture.width * 2);
    const svg = renderSvg(given);
    assert.equal(hashOf(renderSvg(given)), hashOf(svg));
    // Its letters are outlines, which need no font.
    assert.match(svg.toString(), /^<\?xml[\s\S]*<svg[\s\S]*<path/);
    assert.doesNotMatch(svg.toString(), /<text/);
  }
});

test('the npm package draws without chartjs-node-canvas, and the same bytes', () => {
  for (const [index, record] of reference.entries())
    for (const given of picturesOf(record, summary.experiments[index]!))
      assert.equal(hashOf(paintInPackage(chartOfPng(given))), hashOf(renderPng(given)), given.title);
});

test('two runs are drawn in one chart for each experiment that both have', async () => {
  const slower = TENFOLD.map(([baselineMs, variantMs]) => [baselineMs, variantMs * 1.5] as const);
  const before = [madeUpRecord(TENFOLD), madeUpRecord(TENFOLD, { id: 'overload' })];
  const comparison = compareRuns(before, [madeUpRecord(slower)], { margin: 0.05 });
  assert.equal(comparison.rows[0]!.verdict, 'regressed');
  mkdirSync(join(scratch, 'charts'));
  writeFileSync(join(scratch, 'charts/own.png'), '');
  const { pictures } = await writeComparisonCharts(scratch, comparison);
  assert.deepEqual(pictures, [join(scratch, 'charts/crawl-before-after.png')]);
  // Other pictures stay.
  assert.deepEqual(readdirSync(join(scratch, 'charts')).sort(), ['crawl-before-after.png', 'own.png']);
});

test('a run of one round, or of one variant, is drawn as well', () => {
  const oneRound = madeUpRecord(TENFOLD.slice(0, 1));
  const oneVariant = baselineAlone(madeUpRecord(TENFOLD));
  for (const record of [oneRound, oneVariant]) {
    const [experiment] = summarise([record], () => undefined).experiments;
    for (const picture of picturesOf(record, experiment!)) assert.ok(renderPng(picture).length > 1000);
  }
});

test('whiskers and numbers are within the picture, however far they reach', () => {
  const wide = { value: 10, low: 1, high: 1000 };
  const row = { ...fastRow!, metrics: { cpuMs: 10 }, metricIntervals: { cpuMs: wide } };
  const record = madeUpRecord(TENFOLD);
  const bars = {
    kind: 'bars' as const,
    view: 'cpu',
    x: { title: 'CPU time (ms)', scale: 'linear' as const },
    series: [{ figure: 'cpuMs', title: 'CPU time' }],
  };
  const axisOf = (picture: { configuration: { options?: unknown } }) =>
    (picture.configuration.options as { scales: { x: { suggestedMin?: number; suggestedMax: number } } })
      .scales.x;
  assert.ok(axisOf(pictureOf(bars, record, { rows: [row] })).suggestedMax > 1000);
  const change = { ratio: wide, timeRatio: null, p: 1, adjustedP: 1, verdict: 'inconclusive' as const };
  const compared = {
    experiment: 'crawl',
    group: '',
    variant: 'x',
    baseline: false,
    headline: true,
    rounds: { before: 6, after: 6 },
    before: wide,
    after: wide,
    beforeMs: { value: 20, low: 10, high: 40 },
    afterMs: { value: 30, low: 10, high: 60 },
    ...change,
  };
  const { suggestedMin, suggestedMax } = axisOf(changePicture('crawl', [compared], 0.05).picture);
  assert.deepEqual([suggestedMin, suggestedMax], [-90, 9900]);
  const timed = axisOf(changePicture('crawl', [{ ...compared, timeRatio: wide }], 0.05).picture);
  assert.deepEqual([timed.suggestedMin, timed.suggestedMax], [-50, 200]);
});

test('for sides that ran in turn, times are drawn, including those of the baseline', () => {
  const slower = TENFOLD.map(([baselineMs, variantMs]) => [baselineMs * 1.5, variantMs * 1.5] as const);
  const { rows } = compareRuns([madeUpRecord(TENFOLD)], [madeUpRecord(slower)], {
    margin: 0.05,
    paired: true,
  });
  const { title, picture } = changePicture('crawl', rows, 0.05);
  assert.match(title, /of 2 rows, 2 regressed\.$/);
  assert.match(picture.reading, /to the right of the band took longer/);
  const [before, after] = picture.configuration.data.datasets;
  assert.deepEqual(
    before!.data.map((point) => Math.round((point as { x: number }).x)),
    [0, 0],
  );
  assert.deepEqual(
    after!.data.map((point) => Math.round((point as { x: number }).x)),
    [50, 50],
  );
});

test('a tooltip names its point, with the unit', () => {
  const lines = {
    kind: 'lines' as const,
    view: 'lines',
    line: 'group' as const,
    x: { parameter: 'limit', title: 'limit', scale: 'linear' as const },
    left: { title: 'time (ms)', scale: 'linear' as const },
    right: { title: 'share', scale: 'linear' as const },
    series: [
      { figure: 'medianMs', title: 'time' },
      { figure: 'medianMs', title: 'share', relativeTo: 'serial', axis: 'right' as const },
    ],
  };
  const rows = [baselineRow!, fastRow!].map((row, index) => ({
    ...row,
    group: 'g',
    parameters: { limit: index + 1 },
  }));
  const round = { timeMs: () => 12, speedup: () => 1 };
  const { configuration } = pictureOf(lines, madeUpRecord(TENFOLD), { rows }, { round });
  const label = configuration.options!.plugins!.tooltip!.callbacks!.label as unknown as (item: {
    datasetIndex: number;
    parsed: { y: number };
  }) => string;
  assert.deepEqual(
    configuration.data.datasets.map((_, datasetIndex) => label({ datasetIndex, parsed: { y: 1.5 } })),
    [
      'time: 1.50 ms',
      'share: 1.50',
      'time, the bound: 1.50 ms',
      'share, the bound: 1.50',
      'time, in this round: 1.50 ms',
      'share, in this round: 1.50',
    ],
  );
});
