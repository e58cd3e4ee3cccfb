import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { loadPainter } from '../../harness/charts/painter.ts';
import { experimentOf } from '../../harness/measure/plan/catalog.ts';
import { readRecords } from '../../harness/record/record-files.ts';
import type { RunRecord } from '../../harness/record/schema.ts';
import { markdownSummary } from '../../harness/report/markdown.ts';
import { reportPage } from '../../harness/report/page/report-page.ts';
import { type Summary, summarise } from '../../harness/report/summary.ts';
import { rowTables, terminalTable } from '../../harness/report/table.ts';
import { keepUnits } from '../../harness/report/text.ts';
import { catalog } from '../fixtures/project.ts';
import { baselineAlone, madeUpRecord, TENFOLD } from '../fixtures/record.ts';
import { eventually, faultsInEveryView, hasCount, hasText, openPage, whyNoBrowser } from './chromium.ts';

const skip = whyNoBrowser;
const scratch = mkdtempSync(join(tmpdir(), 'overlap-page-'));
after(() => rmSync(scratch, { recursive: true }));

const painter = await loadPainter();
const reference = readRecords(join(import.meta.dirname, '../../results/reference'));
const pick = (...ids: string[]) => reference.filter(({ experiment }) => ids.includes(experiment.id));
const summaryOf = (records: readonly RunRecord[]) => summarise(records, experimentOf(catalog));

let pages = 0;
async function open(records: readonly RunRecord[], options = {}) {
  pages += 1;
  const file = join(scratch, `${pages}.html`);
  writeFileSync(file, reportPage(records, summaryOf(records), painter));
  const opened = await openPage(pathToFileURL(file).href, options);
  await opened.page.locator('html[data-drawn="true"]').waitFor();
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
  for (const [index, { id, rows }] of experiments.entries())
    await eventually(async () => {
      const marks = await marksIn(page, id);
      assert.equal(marks.length, reference[index]!.charts.length);
      for (const [place, chart] of reference[index]!.charts.entries()) {
        const shown = rows.filter(({ group }) => chart.groups?.includes(group) ?? true);
        if (chart.kind === 'speedup') assert.equal(marks[place], shown.length);
        else if (chart.kind === 'bars') assert.equal(marks[place], shown.length * chart.series.length);
        else assert.ok(marks[place]! > 0, `${id}: ${chart.view}`);
      }
    });
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('a picture has as many bars as it says, in the colours of its variants', { skip }, async () => {
  const { page } = await open([madeUpRecord(TENFOLD)]);
  // The only bar is the second variant's, whose colour nothing else on the page has.
  await eventually(async () => {
    const { orange, all } = await pixelsIn(page, { orange: [0xe6, 0x9f, 0x00] });
    const painted = orange / all;
    assert.ok(painted > 0.1 && painted < 0.6, `${painted}`);
  });
  await page.context().close();
});

test('the bar of a floor is an outline in the page, too', { skip }, async () => {
  const record = madeUpRecord(TENFOLD);
  const variants = record.variants.map((variant) =>
    variant.baseline ? variant : { ...variant, floor: true as const },
  );
  const { page } = await open([{ ...record, variants }]);
  await eventually(async () => {
    const [first] = await marksIn(page, record.experiment.id);
    assert.equal(first, variants.length);
    const { orange, blue } = await pixelsIn(page, {
      orange: [0xe6, 0x9f, 0x00],
      // The baseline's, which is a bar as before.
      blue: [0x00, 0x72, 0xb2],
    });
    assert.ok(orange === 0 && blue > 1000, `${orange}, ${blue}`);
  });
  await page.context().close();
});

test('terminal, summary.json, summary.md, page and picture have the same numbers', { skip }, async () => {
  // As summary.json has it.
  const summary: Summary = JSON.parse(JSON.stringify(summaryOf(pick('crawl'))));
  const [experiment] = summary.experiments;
  const { page } = await openCrawl();
  const rows = await eventually(async () => {
    const shown = await page
      .locator('#crawl details.tables table')
      .first()
      .locator('tbody tr')
      .evaluateAll((lines) => lines.map((line) => [...line.children].map((cell) => cell.textContent ?? '')));
    const [main] = rowTables(experiment!, experiment!.rows);
    assert.deepEqual(
      shown,
      main!.body.map(({ cells }) => cells),
    );
    return shown;
  });
  const labels = await page.locator('#crawl canvas[data-labels]').first().getAttribute('data-labels');
  const squeezed = (text: string) => text.replace(/[ \\]+/g, ' ');
  const terminal = squeezed(terminalTable(experiment!));
  const markdown = squeezed(markdownSummary(summary));
  for (const [index, cells] of rows.entries()) {
    assert.ok(terminal.includes(squeezed(cells.filter((cell) => cell !== '').join(' '))), cells.join(' '));
    assert.ok(markdown.includes(squeezed(cells.join(' | ')).replace('|  |', '| |')), cells.join(' | '));
    if (!experiment!.rows[index]!.baseline) assert.ok(labels!.split(' ').includes(cells[2]!), cells[2]);
  }
  await hasText(page.locator('h1'), keepUnits(experiment!.finding!.headline));
});

test('a heading sorts its table, by a click and from the keyboard', { skip }, async () => {
  const { page } = await openCrawl();
  const table = page.locator('#crawl details.tables table').first();
  const times = async () => {
    const cells = await table.locator('tbody tr td:nth-of-type(1)').allTextContents();
    return cells.map((cell) => Number.parseFloat(cell) * (cell.endsWith(' ms') ? 1 : 1000));
  };
  const ascending = (await times()).sort((one, other) => one - other);
  assert.equal(ascending.length, summaryOf(pick('crawl')).experiments[0]!.rows.length);
  await table.getByRole('button', { name: 'time' }).click();
  await eventually(async () => assert.deepEqual(await times(), ascending));
  await table.getByRole('button', { name: 'time' }).focus();
  await page.keyboard.press('Enter');
  await eventually(async () => assert.deepEqual(await times(), ascending.toReversed()));
  await hasCount(table.locator('th[aria-sort="descending"]', { hasText: 'time' }), 1);
});

test('a speedup that is a fraction sorts before all others', { skip }, async () => {
  const record = madeUpRecord(TENFOLD.map(([ms]) => [ms, ms * 2387] as const));
  const fast = madeUpRecord(TENFOLD);
  const { page } = await open([
    {
      ...record,
      variants: [...record.variants, { ...fast.variants[1]!, id: 'fast' }],
      samples: [
        ...record.samples,
        ...fast.samples.filter(({ variant }) => variant === 1).map((sample) => ({ ...sample, variant: 2 })),
      ],
    },
  ]);
  const table = page.locator('details.tables table').first();
  await table.getByRole('button', { name: 'speedup' }).click();
  await eventually(async () =>
    assert.deepEqual(await table.locator('tbody tr td:nth-of-type(2)').allTextContents(), [
      '1/2390x',
      '10.2x',
      'baseline',
    ]),
  );
  await page.context().close();
});

test('a slider shows one round in the charts, and its samples', { skip }, async () => {
  const { page, complaints } = await openCrawl();
  const figure = page.locator('#crawl figure').first();
  await page.locator('#crawl summary', { hasText: 'Every sample' }).click();
  const lines = page.locator('#crawl .rounds tbody tr');
  const counted = pick('crawl')[0]!.samples.filter(({ warmUp }) => !warmUp);
  await hasCount(lines, counted.length);
  await page.getByRole('slider').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await hasText(page.locator('#crawl-shown'), 'round 2 of 12');
  await hasText(figure.locator('.caption'), /Diamonds: round 2\.$/);
  await hasCount(lines, counted.filter(({ round }) => round === 2).length);
  await page.keyboard.press('Home');
  await hasText(page.locator('#crawl-shown'), 'all rounds');
  await hasText(figure.locator('.caption'), /^((?!Diamonds).)+$/);
  assert.deepEqual(complaints, []);
});

test('a timeline zooms, moves and shows the whole; axes change their scale', { skip }, async () => {
  const { page, complaints } = await openCrawl();
  const figure = page.locator('#crawl figure').nth(1);
  const caption = figure.locator('.caption');
  const says = (pattern: RegExp) => hasText(caption, pattern);
  await says(/The first 1\.34\ss of 101\ss/);
  await figure.getByRole('button', { name: 'Zoom in' }).click();
  await says(/From 334\sms to 1\.00\ss of 101\ss/);
  await figure.getByRole('button', { name: 'Earlier' }).click();
  await says(/The first 669\sms of 101\ss/);
  await figure.getByRole('button', { name: 'Later' }).click();
  await says(/From 334\sms/);
  await figure.getByRole('button', { name: 'The whole run' }).click();
  await says(/the bound\)\.$/);
  await figure.locator('canvas').hover({ position: { x: 400, y: 60 } });
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await says(/From .* of 101\ss/);

  const scale = page.locator('#crawl figure').first().getByRole('button', { name: /scale/ });
  await hasText(scale, 'Switch to a logarithmic scale');
  await scale.click();
  await hasText(scale, 'Switch to a linear scale');
  assert.deepEqual(complaints, []);
});

test('an answer leads to its experiment, by the keyboard', { skip }, async () => {
  const { page } = await open(pick('coroutines', 'yielding'));
  await page.locator('nav a').nth(1).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/#yielding$/);
  await eventually(async () => {
    const box = await page.locator('#yielding h2').boundingBox();
    assert.ok(box!.y >= 0 && box!.y < 800, `${box!.y}`);
  });
  await page.context().close();
});

test('the meaning of columns is reachable by pointer and keyboard on a phone, and in print without a script', {
  skip,
}, async () => {
  const records = pick('crawl');
  const { page } = await open(records, { viewport: { width: 390, height: 800 } });
  const time = page.locator('details.columns dd').nth(1);
  assert.equal(await time.isVisible(), false);
  await page.locator('details.columns summary').first().focus();
  await page.keyboard.press('Enter');
  await eventually(async () => assert.equal(await time.isVisible(), true));
  assert.match((await time.textContent())!, /^Wall time .*Lower is better\.$/);
  const { x, width } = (await time.boundingBox())!;
  assert.ok(x >= 0 && x + width <= 390, `${x} to ${x + width}`);
  const button = page.locator('details.tables thead button').nth(1);
  assert.equal(await button.getAttribute('title'), await time.textContent());
  await page.context().close();

  const file = join(scratch, 'paper.html');
  writeFileSync(file, reportPage(records, summaryOf(records), painter));
  const { page: paper } = await openPage(pathToFileURL(file).href, { javaScriptEnabled: false });
  const height = async () => (await paper.locator('details.columns').first().boundingBox())!.height;
  const closed = await height();
  assert.equal(await paper.locator('.rounds').isVisible(), false);
  await paper.emulateMedia({ media: 'print' });
  assert.ok((await height()) > closed + 100, `${await height()} px instead of ${closed} px`);
  await paper.context().close();
});

test('axe finds nothing, and nothing is wider than the window, in light and dark, at 1000 and 360 px', {
  skip,
}, async () => {
  const { page, complaints } = await open(pick('coroutines', 'hash-and-save'));
  await page.locator('#coroutines summary', { hasText: 'Every sample' }).click();
  await page.locator('#coroutines .rounds tbody tr').first().waitFor();
  await page.locator('summary', { hasText: 'How to read it' }).first().click();
  await page.locator('details.columns').evaluateAll((all) => {
    for (const details of all as HTMLDetailsElement[]) details.open = true;
  });
  assert.deepEqual(await faultsInEveryView(page), []);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('on paper all tables are open and pictures are drawn in light', { skip }, async () => {
  const { page } = await open(pick('coroutines', 'clients'), { colorScheme: 'dark' });
  // The ink of words.
  const inks = { light: [0xe9, 0xea, 0xec], dark: [0x22, 0x22, 0x22] } as const;
  const isWrittenIn = (ink: keyof typeof inks, not: keyof typeof inks) =>
    eventually(async () => {
      const pixels = await pixelsIn(page, inks);
      assert.ok(pixels[ink] > pixels[not], `${pixels[ink]} ${ink}, ${pixels[not]} ${not}`);
    });
  const closed = page.locator('details:not(.raw):not([open])');
  const closedOnScreen = await closed.count();
  assert.ok(closedOnScreen > 0);
  await isWrittenIn('light', 'dark');
  await page.evaluate(() => void dispatchEvent(new Event('beforeprint')));
  await isWrittenIn('dark', 'light');
  await hasCount(closed, 0);
  await page.evaluate(() => void dispatchEvent(new Event('afterprint')));
  await hasCount(closed, closedOnScreen);
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
  await hasText(page.locator('h2'), hostile);
  await hasText(page.locator('details.tables tbody th').nth(1), hostile);
  await hasCount(page.locator('img'), 0);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('an errored, a skipped, a one-round and a one-variant experiment have a page that says so', {
  skip,
}, async () => {
  const { page, complaints } = await open([
    { ...madeUpRecord(TENFOLD, { id: 'a' }), status: 'errored', reason: 'The target ended.' },
    {
      ...madeUpRecord([], { id: 'b' }),
      status: 'skipped',
      reason: 'There is no PostgreSQL here.',
      rounds: 6,
    },
    madeUpRecord(TENFOLD.slice(0, 1), { id: 'c' }),
    baselineAlone(madeUpRecord(TENFOLD, { id: 'd' })),
  ]);
  const says = (id: string, pattern: RegExp) => hasText(page.locator(`#${id}`), pattern);
  await says('a', /errored: The target ended\./);
  await says('b', /skipped: There is no PostgreSQL here\..*No round was finished/s);
  await says('c', /needs 6 rounds, and this has 1/);
  await says('d', /Nothing was compared/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});
