import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { findingsOf, loadCatalog } from '../../harness/measure/catalog.ts';
import { type RunRecord, readRecords } from '../../harness/record.ts';
import { markdownSummary } from '../../harness/report/markdown.ts';
import { reportPage } from '../../harness/report/page/page.ts';
import { type Summary, summarise } from '../../harness/report/summary.ts';
import { cellsOf, terminalTable } from '../../harness/report/table.ts';
import { madeUpRecord, TENFOLD } from '../fixtures/record.ts';
import { faultsInEveryView, openPage, whyNoBrowser } from './chromium.ts';

const skip = whyNoBrowser;
const scratch = mkdtempSync(join(tmpdir(), 'overlap-page-'));
after(() => rmSync(scratch, { recursive: true }));

const catalog = await loadCatalog();
const reference = readRecords(join(import.meta.dirname, '../../results/reference'));
const pick = (...ids: string[]) => reference.filter(({ experiment }) => ids.includes(experiment.id));
const summaryOf = (records: readonly RunRecord[]) => summarise(records, findingsOf(catalog));

let pages = 0;
async function open(records: readonly RunRecord[], options = {}) {
  pages += 1;
  const file = join(scratch, `${pages}.html`);
  writeFileSync(file, reportPage(records, summaryOf(records)));
  const opened = await openPage(pathToFileURL(file).href, options);
  await opened.page.waitForFunction(() => document.documentElement.dataset.drawn === 'true');
  return opened;
}

let crawl: ReturnType<typeof open> | undefined;
/** The page of the crawl, which several tests look at. */
function openCrawl() {
  crawl ??= open(pick('crawl'));
  return crawl;
}

/** How many bars and points each picture of an experiment has. */
const marksIn = (page: Page, id: string) =>
  page
    .locator(`figure[data-experiment="${id}"] canvas`)
    .evaluateAll((canvases) => canvases.map((canvas) => Number((canvas as HTMLCanvasElement).dataset.marks)));

/** How many pixels of the first picture have each colour, and how many there are in all. */
const pixelsIn = <Name extends string>(page: Page, colours: Readonly<Record<Name, readonly number[]>>) =>
  page
    .locator('canvas')
    .first()
    .evaluate(
      (element, wanted) => {
        const canvas = element as HTMLCanvasElement;
        const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
        const counts: Record<string, number> = { all: data.length / 4 };
        for (const [name, [red, green, blue]] of Object.entries(wanted)) {
          counts[name] = 0;
          for (let at = 0; at < data.length; at += 4)
            if (data[at] === red && data[at + 1] === green && data[at + 2] === blue && data[at + 3] === 255)
              counts[name] += 1;
        }
        return counts;
      },
      colours as Readonly<Record<string, readonly number[]>>,
    ) as Promise<Record<Name | 'all', number>>;

test('the page of all experiments loads without an error, asks for nothing, and draws every chart', {
  skip,
}, async () => {
  const { page, complaints } = await open(reference);
  const { experiments } = summaryOf(reference);
  for (const [index, { id, rows }] of experiments.entries()) {
    const marks = await marksIn(page, id);
    assert.equal(marks.length, reference[index]!.charts.length);
    for (const [place, chart] of reference[index]!.charts.entries()) {
      const shown = rows.filter(({ group }) => chart.groups?.includes(group) ?? true);
      if (chart.kind === 'speedup')
        assert.equal(marks[place], shown.filter(({ baseline }) => !baseline).length);
      else if (chart.kind === 'bars') assert.equal(marks[place], shown.length * chart.series.length);
      else assert.ok(marks[place]! > 0, `${id}: ${chart.view}`);
    }
  }
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a picture has as many bars as it says, in the colours of its variants', { skip }, async () => {
  const { page } = await open([madeUpRecord(TENFOLD)]);
  // The only bar is the second variant's, whose colour nothing else on the page has.
  const { orange, all } = await pixelsIn(page, { orange: [0xe6, 0x9f, 0x00] });
  const painted = orange / all;
  assert.ok(painted > 0.1 && painted < 0.6, `${painted}`);
  await page.context().close();
});

test('terminal, summary.json, summary.md, page and picture have the same numbers', { skip }, async () => {
  // As summary.json has it.
  const summary: Summary = JSON.parse(JSON.stringify(summaryOf(pick('crawl'))));
  const [experiment] = summary.experiments;
  const { page } = await openCrawl();
  const rows = await page
    .locator('#crawl details.tables table')
    .first()
    .locator('tbody tr')
    .evaluateAll((lines) => lines.map((line) => [...line.children].map((cell) => cell.textContent ?? '')));
  assert.deepEqual(rows, experiment!.rows.map(cellsOf));
  const labels = await page.locator('#crawl canvas').first().getAttribute('data-labels');
  const squeezed = (text: string) => text.replace(/[ \\]+/g, ' ');
  const terminal = squeezed(terminalTable(experiment!));
  const markdown = squeezed(markdownSummary(summary));
  for (const [index, cells] of rows.entries()) {
    assert.ok(terminal.includes(squeezed(cells.filter((cell) => cell !== '').join(' '))), cells.join(' '));
    assert.ok(markdown.includes(squeezed(cells.join(' | ')).replace('|  |', '| |')), cells.join(' | '));
    if (!experiment!.rows[index]!.baseline) assert.ok(labels!.split(' ').includes(cells[2]!), cells[2]);
  }
  assert.equal(await page.locator('h1').textContent(), experiment!.finding);
});

test('a heading sorts its table, by a click and from the keyboard', { skip }, async () => {
  const { page } = await openCrawl();
  const table = page.locator('#crawl details.tables table').first();
  const column = (place: number) =>
    table
      .locator('tbody tr')
      .evaluateAll((lines, at) => lines.map((line) => line.children[at]!.textContent ?? ''), place);
  const millisecondsOf = (cell: string) => Number.parseFloat(cell) * (cell.endsWith(' ms') ? 1 : 1000);
  await table.getByRole('button', { name: 'time' }).click();
  const ascending = (await column(1)).map(millisecondsOf);
  assert.deepEqual(
    ascending,
    ascending.toSorted((one, other) => one - other),
  );
  await table.getByRole('button', { name: 'time' }).focus();
  await page.keyboard.press('Enter');
  assert.deepEqual((await column(1)).map(millisecondsOf), ascending.toReversed());
  assert.equal(await table.locator('th', { hasText: 'time' }).getAttribute('aria-sort'), 'descending');
});

test('a slider shows one round in the charts, and its samples', { skip }, async () => {
  const { page, complaints } = await openCrawl();
  const figure = page.locator('#crawl figure').first();
  await page.locator('#crawl summary', { hasText: 'Every sample' }).click();
  const lines = page.locator('#crawl .rounds tbody tr');
  const counted = pick('crawl')[0]!.samples.filter(({ warmUp }) => !warmUp);
  assert.equal(await lines.count(), counted.length);
  await page.getByRole('slider').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  assert.equal(await page.locator('#crawl-shown').textContent(), 'round 2 of 12');
  assert.match((await figure.locator('.caption').textContent())!, /Diamonds: round 2\.$/);
  assert.equal(await lines.count(), counted.filter(({ round }) => round === 2).length);
  await page.keyboard.press('Home');
  assert.equal(await page.locator('#crawl-shown').textContent(), 'all rounds');
  assert.doesNotMatch((await figure.locator('.caption').textContent())!, /Diamonds/);
  assert.deepEqual(complaints, []);
});

test('a timeline zooms, moves and shows the whole; axes change their scale', { skip }, async () => {
  const { page, complaints } = await openCrawl();
  const figure = page.locator('#crawl figure').nth(1);
  const caption = figure.locator('.caption');
  const says = (pattern: RegExp) =>
    page.waitForFunction(
      ([text, source]) =>
        new RegExp(source!).test(document.querySelectorAll('.caption')[Number(text)]!.textContent!),
      ['1', pattern.source],
    );
  assert.match((await caption.textContent())!, /The first 1\.34 s of 101 s/);
  await figure.getByRole('button', { name: 'Zoom in' }).click();
  await says(/From 334 ms to 1\.00 s of 101 s/);
  await figure.getByRole('button', { name: 'Earlier' }).click();
  await says(/The first 669 ms of 101 s/);
  await figure.getByRole('button', { name: 'Later' }).click();
  await says(/From 334 ms/);
  await figure.getByRole('button', { name: 'The whole run' }).click();
  await says(/the bound\)\.$/);
  await figure.locator('canvas').hover({ position: { x: 400, y: 60 } });
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await says(/From .* of 101 s/);

  const scale = page.locator('#crawl figure').first().getByRole('button', { name: /scale/ });
  assert.equal(await scale.textContent(), 'Switch to a logarithmic scale');
  await scale.click();
  assert.equal(await scale.textContent(), 'Switch to a linear scale');
  assert.deepEqual(complaints, []);
});

test('axe finds nothing, and nothing is wider than the window, in light and dark, at 1000 and 360 px', {
  skip,
}, async () => {
  const { page, complaints } = await open(pick('coroutines', 'hash-and-save'));
  await page.locator('#coroutines summary', { hasText: 'Every sample' }).click();
  await page.locator('summary', { hasText: 'How to read it' }).first().click();
  assert.deepEqual(await faultsInEveryView(page), []);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('on paper all tables are open and pictures are drawn in light', { skip }, async () => {
  const { page } = await open(pick('coroutines', 'clients'), { colorScheme: 'dark' });
  // The ink of words.
  const inks = { light: [0xe9, 0xea, 0xec], dark: [0x22, 0x22, 0x22] } as const;
  const onScreen = await pixelsIn(page, inks);
  assert.ok(onScreen.light > onScreen.dark);
  await page.evaluate(() => void dispatchEvent(new Event('beforeprint')));
  const onPaper = await pixelsIn(page, inks);
  assert.ok(onPaper.dark > onPaper.light);
  assert.equal(await page.locator('details:not(.raw):not([open])').count(), 0);
  await page.evaluate(() => void dispatchEvent(new Event('afterprint')));
  assert.ok((await page.locator('details:not(.raw):not([open])').count()) > 0);
  assert.ok((await page.pdf()).length > 10_000);
  await page.context().close();
});

test('hostile text runs nothing, and is shown as text', { skip }, async () => {
  const record = madeUpRecord(TENFOLD);
  const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(2)>';
  const [first, second] = record.variants;
  const { page, complaints } = await open([
    {
      ...record,
      experiment: { ...record.experiment, title: hostile, question: hostile },
      variants: [
        { ...first!, group: hostile },
        { ...second!, id: hostile, group: hostile },
      ],
    },
  ]);
  await page
    .locator('summary', { hasText: 'All numbers' })
    .evaluate((summary) => summary.parentElement!.setAttribute('open', ''));
  assert.equal(await page.locator('h2').textContent(), hostile);
  assert.equal(await page.locator('details.tables tbody th').nth(1).textContent(), hostile);
  assert.equal(await page.locator('img').count(), 0);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('an errored, a skipped, a one-round and a one-variant experiment have a page that says so', {
  skip,
}, async () => {
  const whole = madeUpRecord(TENFOLD);
  const variants = whole.variants.slice(0, 1);
  const samples = whole.samples.filter(({ variant }) => variant === 0);
  const { page, complaints } = await open([
    { ...madeUpRecord(TENFOLD, { id: 'a' }), status: 'errored', reason: 'The target ended.' },
    {
      ...madeUpRecord([], { id: 'b' }),
      status: 'skipped',
      reason: 'There is no PostgreSQL here.',
      rounds: 6,
    },
    madeUpRecord(TENFOLD.slice(0, 1), { id: 'c' }),
    { ...whole, experiment: { ...whole.experiment, id: 'd' }, variants, samples, traces: [] },
  ]);
  const text = (id: string) => page.locator(`#${id}`).textContent();
  assert.match((await text('a'))!, /errored: The target ended\./);
  assert.match((await text('b'))!, /skipped: There is no PostgreSQL here\..*No round was finished/s);
  assert.match((await text('c'))!, /needs 6 rounds, and this has 1/);
  assert.match((await text('d'))!, /Nothing was compared/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});
