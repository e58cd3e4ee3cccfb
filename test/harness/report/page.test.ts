import assert from 'node:assert/strict';
import { test } from 'node:test';
import crawl from '../../../benchmarks/crawl.ts';
import { loadPainter } from '../../../harness/charts/painter.ts';
import { reportPage } from '../../../harness/report/page/report-page.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { rowTables } from '../../../harness/report/table.ts';
import { keepUnits } from '../../../harness/report/text.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

const painter = await loadPainter();
const pageOf = (...records: ReturnType<typeof madeUpRecord>[]) =>
  reportPage(
    records,
    summarise(records, () => crawl),
    painter,
  );

test('the page shows the numbers of the tables, and the finding at its top', () => {
  const record = madeUpRecord(TENFOLD);
  const page = pageOf(record);
  const { experiments } = summarise([record], () => crawl);
  const [main] = rowTables(experiments[0]!, experiments[0]!.rows);
  assert.equal(main!.body.length, 2);
  for (const {
    cells: [name, ...cells],
  } of main!.body) {
    assert.ok(page.includes(`<th scope="row">${name}</th>`), name);
    for (const cell of cells) assert.ok(page.includes(`<td>${cell}</td>`), cell);
  }
  assert.ok(page.includes(`<h1>${keepUnits(experiments[0]!.finding!.headline)}</h1>`));
});

const withoutScripts = (page: string) => page.replaceAll(/<script[\s\S]*?<\/script>/g, '');

/** What a reader sees, told by the pattern alone: the page itself is long. */
function expectMatch(page: string, pattern: RegExp): void {
  assert.ok(pattern.test(withoutScripts(page)), `${pattern}`);
}

test('the page needs nothing but itself', () => {
  const page = pageOf(madeUpRecord(TENFOLD));
  const markup = withoutScripts(page);
  const named = [...markup.matchAll(/(?:src|href)="([^"]*)"|url\(([^)]*)\)/g)].map(
    ([, one, other]) => one ?? other!,
  );
  assert.ok(named.length >= 3);
  for (const name of named) assert.ok(/^(#|data:)/.test(name), name.slice(0, 80));
  assert.ok(page.length < 2_000_000);
});

test('hostile text is shown as text', () => {
  const record = madeUpRecord(TENFOLD);
  const hostile = '<script>alert("x")</script><img src=x onerror=alert(1)>';
  const [first, ...others] = record.variants;
  const page = pageOf({ ...record, variants: [{ ...first!, id: hostile }, ...others] });
  assert.ok(!page.includes('<script>alert'));
  assert.ok(!page.includes('<img'));
  assert.ok(page.includes('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;'));
});

test('what speaks against a run stands at its top', () => {
  const record = madeUpRecord(TENFOLD);
  expectMatch(pageOf(record), /<header>[\s\S]*This run can be trusted\.[\s\S]*<\/header>/);
  const warnings = [{ what: 'undici 6.27 is slow.', remedy: 'Install another.' }];
  const warned = { ...record, environment: { ...record.environment, warnings } };
  expectMatch(
    pageOf(warned),
    /<header>[\s\S]*read the warnings\.[\s\S]*undici 6\.27 is slow\. Install another\.[\s\S]*<\/header>/,
  );
  const doubtful = madeUpRecord(TENFOLD, { twinTimes: TENFOLD.map(([ms]) => ms * 2) });
  expectMatch(pageOf(doubtful), /<header>[\s\S]*not to be trusted\.[\s\S]*<\/header>/);
});

test('where it ran says what git could not tell, and which variables were set or left out', () => {
  const record = madeUpRecord(TENFOLD);
  expectMatch(pageOf(record), /<dt>commit<\/dt><dd>none<\/dd>/);
  assert.ok(!withoutScripts(pageOf(record)).includes('<dt>variables'));
  const environment = {
    ...record.environment,
    git: { commit: '0123456789abcdef', dirty: null },
    variables: { set: { LD_PRELOAD: null, UV_THREADPOOL_SIZE: '16' }, dropped: ['http_proxy'] },
  };
  const page = pageOf({ ...record, environment });
  expectMatch(page, /<dt>commit<\/dt><dd>0123456789ab, changes unknown<\/dd>/);
  expectMatch(page, /<dt>variables<\/dt><dd>LD_PRELOAD, UV_THREADPOOL_SIZE=16<\/dd>/);
  expectMatch(page, /<dt>variables left out<\/dt><dd>http_proxy<\/dd>/);
});

test('an experiment without a finished round, a skipped one, and none at all still give a page that says so', () => {
  expectMatch(pageOf(madeUpRecord([])), /No round was finished/);
  const skipped = { ...madeUpRecord([]), status: 'skipped' as const, reason: 'There is no PostgreSQL here.' };
  expectMatch(pageOf(skipped), /skipped: There is no PostgreSQL here\./);
  expectMatch(pageOf(madeUpRecord(TENFOLD.slice(0, 1))), /needs 6 rounds, and this has 1/);
  expectMatch(pageOf(), /Nothing was measured\./);
});
