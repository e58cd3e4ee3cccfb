import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { changesOf } from '../../harness/history/changes.ts';
import { historyPage } from '../../harness/history/page/history-page.ts';
import type { HistoryRun } from '../../harness/history/run-schema.ts';
import { seriesOf } from '../../harness/history/series.ts';
import { madeUpRuns } from '../fixtures/history-runs.ts';
import { skipSlow } from '../fixtures/slow.ts';
import { faultsInEveryView, hasCount, hasText, openPage, whyNoBrowser } from './chromium.ts';

const skip = whyNoBrowser;
const scratch = mkdtempSync(join(tmpdir(), 'overlap-history-page-'));
after(() => rmSync(scratch, { recursive: true }));

/** Runs of rows, of which the second falls by a tenth in the middle. */
function runsOf(rows: number, count: number): HistoryRun[] {
  const each = Array.from({ length: rows }, (_, row) =>
    madeUpRuns(count, (commit) => (row === 1 && commit >= count / 2 ? 0.9 : 1), { variant: `row <${row}>` }),
  );
  return each[0]!.map((run, commit) => ({
    ...run,
    rows: each.map((runs) => {
      const { speedup, ...row } = runs[commit]!.rows[0]!;
      const { value } = speedup;
      return { ...row, speedup: { value, low: value * 0.98, high: value * 1.02 } };
    }),
  }));
}

function pageOf(runs: readonly HistoryRun[]): string {
  const series = seriesOf(runs);
  return historyPage(runs, series, changesOf(series));
}

async function open(html: string, name: string) {
  const file = join(scratch, `${name}.html`);
  writeFileSync(file, html);
  return openPage(pathToFileURL(file).href);
}

test('the page says what changed, and shows the charts of that row with a mark', { skip }, async () => {
  const { page, complaints } = await open(pageOf(runsOf(3, 30)), 'changed');
  await hasText(page.locator('h1'), /^slower: crawl, row <1> changed between /);
  await hasCount(page.locator('details'), 3);
  await hasText(page.locator('details[open] summary'), /^crawl, row <1>/);
  await hasCount(page.locator('details[open] svg'), 3);
  await hasCount(page.locator('details[open] svg .mark'), 3);
  await hasCount(page.locator('details:not([open]) svg .mark'), 0);
  const label = await page.locator('details[open] svg').first().getAttribute('aria-label');
  assert.match(label!, /^Speedup with its 95 % interval: speedup 10\.0x to 9\.\d\dx; from \S+ to \S+\.$/);
  assert.deepEqual(complaints, []);
});

test('every part of the page is accessible and as wide as the window, in light and dark', {
  skip,
}, async () => {
  const { page } = await open(pageOf(runsOf(3, 30)), 'accessible');
  await page.locator('details').evaluateAll((all) => {
    for (const one of all) (one as HTMLDetailsElement).open = true;
  });
  assert.deepEqual(await faultsInEveryView(page), []);
});

test('a page of one run, without a share of a bound or intervals, has no broken path', { skip }, async () => {
  const [run] = runsOf(1, 1);
  const bare = run!.rows.map((row) => ({
    ...row,
    efficiency: null,
    speedup: { value: 2, low: null, high: null },
  }));
  const { page, complaints } = await open(pageOf([{ ...run!, rows: bare }]), 'bare');
  await hasText(page.locator('h1'), 'No change is proven: some rows have too few runs');
  await hasCount(page.locator('svg'), 2);
  assert.deepEqual(complaints, []);
});

test('500 runs of 130 rows are a page below 3 MB, shown within a few seconds', {
  skip: skip || skipSlow,
}, async () => {
  const html = pageOf(runsOf(130, 500));
  assert.ok(html.length < 3e6, `${html.length} bytes`);
  const startMs = performance.now();
  const { page, complaints } = await open(html, 'large');
  await hasCount(page.locator('details'), 130);
  // The page itself takes 2 s at most on an idle machine; a busy one may be five times as slow.
  assert.ok(performance.now() - startMs < 10_000, `${performance.now() - startMs} ms`);
  assert.deepEqual(complaints, []);
});
