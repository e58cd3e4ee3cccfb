import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type RunningApp, startApp } from '../../play/app.ts';
import { skipSlow } from '../fixtures/slow.ts';
import { eventually, faultsInEveryView, hasCount, hasText, openPage, whyNoBrowser } from './chromium.ts';

const skip = whyNoBrowser;
let app: RunningApp;
before(async () => {
  app = await startApp(0);
});
after(() => app.close());

const statusThat = (page: Page, pattern: RegExp) => hasText(page.locator('#status'), pattern);
const requestsIn = async (page: Page, expected: string) =>
  eventually(async () => assert.equal(await page.locator('#requests').inputValue(), expected));
const labelThat = (page: Page, id: string, pattern: RegExp) =>
  eventually(async () => assert.match((await page.locator(`#${id}`).getAttribute('aria-label'))!, pattern));

test('a run ends with the right counts, and the page asks for nothing elsewhere', { skip }, async () => {
  const { page, complaints } = await openPage(
    `${app.origin}/#requests=40&latencyMs=50&limit=8&distribution=fixed`,
  );
  await statusThat(page, /Nothing has run yet/);
  await requestsIn(page, '40');
  // By the keyboard alone.
  await page.locator('#start').focus();
  await page.keyboard.press('Enter');
  await statusThat(page, /^Done/);
  const status = (await page.locator('#status').textContent())!;
  const [, seconds, requests, inFlight, times] =
    /^Done: semaphore took (\S+)\sm?s for (\d+) requests, at most (\d+) in flight\. One after the other takes about 2\.00\ss: this is (\S+)x as fast and saves \S+\sm?s\.$/.exec(
      status,
    ) ?? [];
  assert.deepEqual([requests, inFlight], ['40', '8'], status);
  assert.ok(Number(seconds) > 0 && Number(times) > 1 && Number(times) <= 8, status);
  await labelThat(page, 'timeline', /A bar for each of 40 requests/);
  await labelThat(page, 'load', /at most 8 requests were in flight/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('values outside the limits are not sent, and a stopped run says so', { skip }, async () => {
  const { page, complaints } = await openPage(`${app.origin}/#strategy=serial&requests=9999&latencyMs=1000`);
  await requestsIn(page, '100');
  await hasCount(page.locator('#limit:disabled'), 1);
  await page.locator('#requests').fill('0');
  await page.locator('#start').click();
  await hasCount(page.locator('#requests:invalid'), 1);
  await page.locator('#requests').fill('50');
  await page.locator('#start').click();
  await statusThat(page, /^Started: serial, 50 requests\./);
  await page.waitForURL(/#strategy=serial&requests=50&latencyMs=1000/);
  await page.locator('#stop').click();
  await statusThat(page, /^Stopped\. \d+ of 50 requests had an answer\./);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

/** Runs once with these choices, and waits for the result. */
async function run(page: Page, choices: string, done: RegExp): Promise<void> {
  await page.evaluate((hash) => {
    location.hash = hash;
  }, choices);
  const [, strategy] = /strategy=([^&]+)/.exec(choices)!;
  await eventually(async () => assert.equal(await page.locator('#strategy').inputValue(), strategy));
  await page.locator('#start').click();
  await statusThat(page, done);
}

/** An app that has run nothing yet. */
async function freshApp() {
  const { origin, close } = await startApp(0);
  return { origin, [Symbol.asyncDispose]: close };
}

const SHORT = 'requests=30&latencyMs=40&limit=10';

test('the last run stays beside the new one, on the same axes', { skip: skip || skipSlow }, async () => {
  await using fresh = await freshApp();
  const viewport = { width: 1280, height: 900 };
  const { page, complaints } = await openPage(fresh.origin, { viewport });
  await run(page, `strategy=batches&${SHORT}`, /^Done: batches/);
  await hasCount(page.locator('canvas'), 2);
  assert.equal(await page.locator('#last').isVisible(), false);
  await run(page, `strategy=promise-all&sliceMs=10&${SHORT}`, /^Done: promise-all .* event loop was blocked/);
  await hasCount(page.locator('canvas'), 4);
  await hasText(
    page.locator('#last-pictures figcaption').first(),
    /^Last run: batches, at most 10: 30 requests/,
  );
  await hasText(page.locator('#this figcaption').first(), /^This run: promise-all: 30 requests/);
  await hasText(page.locator('#last-name'), 'Last run: batches');
  await hasText(page.locator('#last-time'), /^\d+\sms$|^\S+\ss$/);
  await labelThat(page, 'last-timeline', /A bar for each of 30 requests by batches/);
  const boxOf = async (id: string) => (await page.locator(`#${id}`).boundingBox())!;
  const [own, last] = [await boxOf('timeline'), await boxOf('last-timeline')];
  assert.equal(own.y, last.y);
  assert.ok(own.x + own.width <= last.x || last.x + last.width <= own.x, 'They overlap.');

  // Only the run before stays.
  await run(page, `strategy=serial&${SHORT}`, /^Done: serial/);
  await hasCount(page.locator('canvas'), 4);
  await hasText(page.locator('#last-name'), 'Last run: promise-all');
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('two runs, with all their texts, fit a window of 1280 by 900', { skip: skip || skipSlow }, async () => {
  await using fresh = await freshApp();
  const { page } = await openPage(fresh.origin, { viewport: { width: 1280, height: 900 } });
  const fits = () =>
    eventually(async () => {
      const height = await page.evaluate(() => document.documentElement.scrollHeight);
      assert.ok(height <= 900, `${height} px`);
    });
  await fits();
  await run(page, `strategy=interleaved&sliceMs=5&${SHORT}`, /^Done: interleaved .* event loop/);
  await fits();
  await run(page, `strategy=promise-all&sliceMs=5&${SHORT}`, /^Done: promise-all .* event loop/);
  await hasCount(page.locator('canvas'), 4);
  await fits();
  await page.context().close();
});

test('axe finds nothing, and nothing is wider than the window, in light and dark, at 1000 and 360 px', {
  skip,
}, async () => {
  const { page } = await openPage(app.origin);
  for (const strategy of ['semaphore', 'batches'])
    await run(page, `strategy=${strategy}&${SHORT}`, new RegExp(`^Done: ${strategy}`));
  assert.deepEqual(await faultsInEveryView(page), []);
  await page.context().close();
});
