import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type RunningApp, startApp } from '../../play/app.ts';
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
  const { page, complaints } = await openPage(`${app.origin}/#requests=40&latencyMs=50&limit=8`);
  await statusThat(page, /Nothing has run yet/);
  await requestsIn(page, '40');
  // By the keyboard alone.
  await page.locator('#start').focus();
  await page.keyboard.press('Enter');
  await statusThat(page, /^Done/);
  const status = (await page.locator('#status').textContent())!;
  const [, requests, seconds, inFlight, times] =
    /^Done: (\d+) requests in (\S+)\sm?s, at most (\d+) in flight; one after the other would take 2\.00\ss: (\S+) times as fast\.$/.exec(
      status,
    ) ?? [];
  assert.deepEqual([requests, inFlight], ['40', '8'], status);
  assert.ok(Number(seconds) > 0 && Number(times) > 1 && Number(times) <= 8, status);
  await labelThat(page, 'timeline', /A bar for each of 40 requests/);
  await labelThat(page, 'load', /at most 8 requests were in flight/);
  assert.deepEqual(complaints, []);
  await page.context().close();
});

test('what is outside the limits is not sent, and a run that is stopped says so', { skip }, async () => {
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

test('axe finds nothing, and nothing is wider than the window, in light and dark, at 1000 and 360 px', {
  skip,
}, async () => {
  const { page } = await openPage(app.origin);
  assert.deepEqual(await faultsInEveryView(page), []);
  await page.context().close();
});
