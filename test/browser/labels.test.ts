import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { createCanvas } from 'canvas';
import type { ChartConfiguration } from 'chart.js';
import type { Page } from 'playwright-core';
import { loadPainter } from '../../harness/charts/painter.ts';
import { PALETTES } from '../../harness/charts/palette.ts';
import { renderPng } from '../../harness/charts/render.ts';
import { experimentOf } from '../../harness/measure/plan/catalog.ts';
import { readRecords } from '../../harness/record/record-files.ts';
import { changePicture } from '../../harness/report/comparison/change-picture.ts';
import { compareRuns } from '../../harness/report/comparison/comparison.ts';
import { reportPage } from '../../harness/report/page/report-page.ts';
import { summarise } from '../../harness/report/summary.ts';
import { startApp } from '../../play/app.ts';
import { catalog } from '../fixtures/project.ts';
import { madeUpRecord, TENFOLD } from '../fixtures/record.ts';
import { skipSlow } from '../fixtures/slow.ts';
import { eventually, hasCount, hasText, openPage, whyNoBrowser } from './chromium.ts';
import { type Writing, watchLabels } from './label-watch.ts';

const skip = whyNoBrowser;
const scratch = mkdtempSync(join(tmpdir(), 'overlap-labels-'));
after(() => rmSync(scratch, { recursive: true }));

const painter = await loadPainter();
const palette = PALETTES.light;
const findings = experimentOf(catalog);
/** A run in the book profile, with peers, and one in the quick profile. */
const RUNS = ['reference', 'baseline'] as const;
const recordsOf = (run: (typeof RUNS)[number]) =>
  readRecords(join(import.meta.dirname, '../../results', run));

const node: CanvasRenderingContext2D = Object.getPrototypeOf(createCanvas(1, 1).getContext('2d'));
/** What stands on a canvas of Node; all of them are watched from here on. */
const writingOn = watchLabels({
  prototype: node,
  newContext: (width, height) =>
    createCanvas(width, height).getContext('2d') as unknown as CanvasRenderingContext2D,
  paper: () => [255, 255, 255],
});

/** Runs in a page before its program: whatever is written on a canvas from now on is watched. */
const WATCH = `{
  const { getContext } = HTMLCanvasElement.prototype;
  // The watch reads pixels often.
  HTMLCanvasElement.prototype.getContext = function (kind) {
    return getContext.call(this, kind, { willReadFrequently: true });
  };
  const writingOn = (${watchLabels})({
    prototype: CanvasRenderingContext2D.prototype,
    newContext: (width, height) => Object.assign(document.createElement('canvas'), { width, height }).getContext('2d'),
    paper: () => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).map(Number),
  });
  globalThis.writings = () => [...document.querySelectorAll('canvas')].map((canvas) => {
    const title = canvas.closest('figure').querySelector('figcaption').textContent;
    return { title, ...writingOn(canvas) };
  });
}`;

/** Retries until every picture of a page is right: no label is cut or covered, and grey lines have a name. */
function picturesAreRight(page: Page, pictures: number, grey = 'the bound'): Promise<void> {
  return eventually(async () => {
    const all = (await page.evaluate('writings()')) as (Writing & { readonly title: string })[];
    assert.equal(all.length, pictures);
    assert.ok(all.some(({ colours }) => colours.includes(palette.faint)));
    for (const { title, texts } of all) assert.ok(texts.length > 2, `Nothing is written on: ${title}`);
    const faults = all.flatMap(({ title, texts, faults: own, colours }) => [
      ...own.map((fault) => `${title}\n  ${fault}`),
      ...(colours.includes(palette.faint) && !texts.includes(grey)
        ? [`${title}\n  What is grey has no name.`]
        : []),
    ]);
    assert.deepEqual(faults, []);
  });
}

/** The numbers in a page's visible text that are on another line than their units. */
function brokenUnits(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const broken: string[] = [];
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
      for (const { index, 0: text } of node.nodeValue!.matchAll(/\d\s(?:%|ms|s|µs|ns|B|KiB|MiB)(?!\w)/g)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + text.length);
        const lines = new Set([...range.getClientRects()].map(({ bottom }) => Math.round(bottom / 4)));
        if (lines.size > 1) broken.push(node.nodeValue!.slice(Math.max(0, index - 20), index + 20));
      }
    return broken;
  });
}

test('the watch finds labels that are cut, squeezed, covered, or cover something', () => {
  const made = (draw: (context: CanvasRenderingContext2D) => void) => {
    const canvas = createCanvas(200, 60);
    const context = canvas.getContext('2d') as unknown as CanvasRenderingContext2D;
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, 200, 60);
    context.font = '16px Inter';
    context.fillStyle = '#000000';
    draw(context);
    return writingOn(canvas).faults.map((fault) => fault.replace(/^.*?: /, ''));
  };
  assert.deepEqual(
    made((context) => context.fillText('whole', 20, 30)),
    [],
  );
  assert.deepEqual(
    made((context) => context.fillText('whole', 170, 30)).includes('is cut by the edge'),
    true,
  );
  assert.deepEqual(made((context) => context.fillText('whole', 20, 30, 20)).includes('is squeezed'), true);
  const clipped = made((context) => {
    context.beginPath();
    context.rect(0, 0, 40, 60);
    context.clip();
    context.fillText('whole', 20, 30);
  });
  assert.deepEqual(clipped, ['is cut']);
  const covering = made((context) => {
    context.fillRect(30, 0, 10, 60);
    context.fillStyle = '#ff0000';
    context.fillText('whole', 20, 30);
  });
  assert.ok(covering.includes('covers something'));
  const covered = made((context) => {
    context.fillText('whole', 20, 30);
    context.fillRect(30, 0, 10, 60);
  });
  assert.deepEqual(covered, ['is covered']);
  const patched = made((context) => {
    context.fillRect(0, 25, 60, 3);
    context.fillStyle = 'rgba(255, 255, 255, 0.85)';
    context.fillRect(15, 15, 60, 20);
    context.fillStyle = '#000000';
    context.fillText('whole', 20, 30);
  });
  assert.deepEqual(patched, ['hides what is behind it']);
  // A line of the grid may pass.
  const crossed = made((context) => {
    context.fillStyle = palette.grid;
    context.fillRect(30, 0, 1, 60);
    context.fillStyle = '#000000';
    context.fillText('whole', 20, 30);
  });
  assert.deepEqual(crossed, []);
});

for (const run of RUNS) {
  test(`${run}: each picture as PNG has all its words, and none covers anything`, {
    skip: skipSlow,
  }, () => {
    const records = recordsOf(run);
    const { experiments } = summarise(records, findings);
    const pictures = records.flatMap((record, index) => painter.pictures(record, experiments[index]!));
    assert.equal(
      pictures.length,
      records.reduce((sum, { charts }) => sum + charts.length, 0),
    );
    for (const { name, ...picture } of pictures) {
      const { texts, faults, colours } = writingOfPng(picture);
      assert.deepEqual(faults, [], name);
      assert.ok(
        !colours.includes(palette.faint) || texts.includes('the bound'),
        `${name}: a nameless grey line`,
      );
      const { type, data } = picture.picture.configuration as ChartConfiguration & { type: string };
      if (type === 'lineWithErrorBars' && data.datasets.length > 1)
        for (const { label = '' } of data.datasets) assert.ok(label === '' || texts.includes(label), label);
      for (const word of picture.title.split(' ').slice(0, 5))
        assert.ok(texts.join(' ').includes(word), name);
    }
  });

  for (const width of [390, 1000])
    test(`${run}, ${width} px: no label of the page is cut or covered, and no unit parted from its number`, {
      // All pictures as PNG, and the longest names on a phone, find what most changes break.
      skip: skip || skipSlow,
    }, async () => {
      const records = recordsOf(run);
      const count = records.reduce((sum, { charts }) => sum + charts.length, 0);
      const file = join(scratch, `${run}.html`);
      writeFileSync(file, reportPage(records, summarise(records, findings), painter));
      const viewport = { width, height: 800 };
      const { page, complaints } = await openPage(pathToFileURL(file).href, { viewport }, WATCH);
      await page.locator('html[data-drawn="true"]').waitFor();
      await picturesAreRight(page, count);

      await page.locator('.rounds input').evaluateAll((sliders) => {
        for (const slider of sliders as HTMLInputElement[]) {
          slider.value = '1';
          slider.dispatchEvent(new Event('input'));
        }
      });
      await hasCount(page.locator('.rounds output', { hasText: 'round 1 of' }), records.length);
      await picturesAreRight(page, count);

      const press = (action: string) =>
        page.locator(`[data-action="${action}"]`).evaluateAll((buttons) => {
          for (const button of buttons as HTMLElement[]) button.click();
        });
      const linear = page.locator('[data-action="scale"]', { hasText: 'Switch to a linear scale' });
      const [scales, linearAtFirst] = [
        await page.locator('[data-action="scale"]').count(),
        await linear.count(),
      ];
      await press('scale');
      await press('whole');
      await hasCount(linear, scales - linearAtFirst);
      await hasCount(page.locator('.caption', { hasText: 'The first' }), 0);
      await picturesAreRight(page, count);

      await page.locator('details').evaluateAll((all) => {
        for (const details of all as HTMLDetailsElement[]) details.open = true;
      });
      await page.locator('.rounds tbody tr').first().waitFor();
      assert.deepEqual(await brokenUnits(page), []);
      assert.deepEqual(complaints, []);
      await page.context().close();
    });
}

test('the pictures of two runs have all their words, too', { skip: skipSlow }, () => {
  const { rows, margin } = compareRuns(recordsOf('baseline'), recordsOf('baseline'), { margin: 0.05 });
  for (const [experiment, members] of Map.groupBy(rows, (row) => row.experiment))
    assert.deepEqual(writingOfPng(changePicture(experiment, members, margin)).faults, [], experiment);
});

/** The texts on a finished picture, before its canvas is released. */
function writingOfPng(picture: Parameters<typeof renderPng>[0]): Writing {
  const { clearRect } = node;
  let whole: Writing = { texts: [], faults: [], colours: [] };
  node.clearRect = function (...box) {
    const writing = writingOn(this.canvas);
    if (writing.texts.length > 0) whole = writing;
    clearRect.apply(this, box);
  };
  try {
    renderPng(picture);
  } finally {
    node.clearRect = clearRect;
  }
  return whole;
}

test('names of any length are whole on a phone, in bars, lines, and timelines', {
  skip: skip || skipSlow,
}, async () => {
  const long = 'a client with a name that is much longer than any usual name, @100';
  const record = madeUpRecord(TENFOLD, { name: long });
  const lines = {
    ...{ kind: 'lines' as const, view: 'lines', line: 'variant' as const },
    x: { figure: 'medianMs', title: `the time of ${long} (ms)`, scale: 'log' as const },
    left: { title: 'time (ms)', scale: 'log' as const },
    series: [{ figure: 'medianMs', title: 'time' }],
  };
  const bars = {
    ...{ kind: 'bars' as const, view: 'bars', x: { title: 'CPU time (ms)', scale: 'linear' as const } },
    series: [{ figure: 'cpuMs', title: 'CPU time' }],
  };
  const charts = [...record.charts, lines, bars];
  const file = join(scratch, 'long.html');
  writeFileSync(
    file,
    reportPage(
      [{ ...record, charts }],
      summarise([{ ...record, charts }], () => undefined),
      painter,
    ),
  );
  const { page } = await openPage(pathToFileURL(file).href, { viewport: { width: 390, height: 800 } }, WATCH);
  await page.locator('html[data-drawn="true"]').waitFor();
  await picturesAreRight(page, charts.length);
  await page.context().close();
  const [experiment] = summarise([{ ...record, charts }], () => undefined).experiments;
  for (const { name, ...picture } of painter.pictures({ ...record, charts }, experiment!))
    assert.deepEqual(writingOfPng(picture).faults, [], name);
});

test('a character that no font has is named by its code point in every text', () => {
  const record = madeUpRecord(TENFOLD, { name: '\ue123 client' });
  const lines = {
    ...{ kind: 'lines' as const, view: 'lines', line: 'variant' as const },
    x: { figure: 'medianMs', title: '\ue124 (ms)', scale: 'log' as const },
    left: { title: 'time (ms)', scale: 'log' as const },
    series: [{ figure: 'medianMs', title: 'time' }],
  };
  const charts = [...record.charts, lines];
  const [experiment] = summarise([{ ...record, charts }], () => undefined).experiments;
  for (const { name, ...picture } of painter.pictures({ ...record, charts }, experiment!)) {
    const texts = writingOfPng(picture).texts.join('\n');
    assert.doesNotMatch(texts, /[\ue123\ue124]/, name);
    assert.match(texts, /^U\+E123 client/m, name);
    assert.match(texts, name === 'crawl-lines' ? /U\+E124 \(ms\)/ : /./, name);
  }
});

for (const width of [390, 1000])
  test(`play, ${width} px: no label is cut or covered, and no unit parted from its number`, {
    skip: skip || skipSlow,
  }, async () => {
    const app = await startApp(0);
    try {
      const asked = 'strategy=promise-all&requests=40&latencyMs=50&sliceMs=5';
      const { page } = await openPage(`${app.origin}/#${asked}`, { viewport: { width, height: 800 } }, WATCH);
      await page.locator('#start').click();
      await hasText(page.locator('#status'), /^Done/);
      await picturesAreRight(page, 2, 'ready, but not sent yet');
      // The same once more, beside which the first run stays.
      await page.locator('#start').click();
      await hasCount(page.locator('canvas'), 4);
      await hasText(page.locator('#status'), /^Done/);
      await picturesAreRight(page, 4, 'ready, but not sent yet');
      assert.deepEqual(await brokenUnits(page), []);
      await page.context().close();
    } finally {
      await app.close();
    }
  });
