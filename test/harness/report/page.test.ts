import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import crawl from '../../../benchmarks/crawl.ts';
import { loadPainter } from '../../../harness/charts/painter.ts';
import { COMMON_METRICS } from '../../../harness/findings/metrics.ts';
import { experimentOf } from '../../../harness/measure/plan/catalog.ts';
import type { Metric } from '../../../harness/model/row.ts';
import { readRecords } from '../../../harness/record/record-files.ts';
import { meaningOfMetric, meaningsOf } from '../../../harness/report/page/columns.ts';
import { limitsOf } from '../../../harness/report/page/limits.ts';
import { reportPage } from '../../../harness/report/page/report-page.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { rowTables } from '../../../harness/report/table.ts';
import { keepUnits } from '../../../harness/report/text.ts';
import { catalog } from '../../fixtures/project.ts';
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

test('warnings about a run are at the top of the page', () => {
  const record = madeUpRecord(TENFOLD);
  expectMatch(
    pageOf(record),
    /<header>[\s\S]*This run can be trusted: identical variants differ[\s\S]*<\/header>/,
  );
  const warnings = [{ what: 'undici 6.27 is slow.', remedy: 'Install another.' }];
  const warned = { ...record, environment: { ...record.environment, warnings } };
  expectMatch(
    pageOf(warned),
    /<header>[\s\S]*read the warnings\.[\s\S]*undici 6\.27 is slow\. Install another\.[\s\S]*<\/header>/,
  );
  const doubtful = madeUpRecord(TENFOLD, { twinTimes: TENFOLD.map(([ms]) => ms * 2) });
  expectMatch(pageOf(doubtful), /<div class="trust doubtful">\s*<p><strong>This run is not to be trusted: /);
  assert.equal(withoutScripts(pageOf(doubtful)).split('not to be trusted').length, 2);
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

const reference = readRecords(join(import.meta.dirname, '../../../results/reference'));
const referenceSummary = summarise(reference, experimentOf(catalog));

test('a page of several experiments opens with the answers, which link down; then trust, then environment', () => {
  const page = withoutScripts(reportPage(reference, referenceSummary, painter));
  assert.equal(referenceSummary.experiments.length, 10);
  assert.match(page, /<title>Overlap: 10 experiments, profile book<\/title>/);
  const opening = /<header>[\s\S]*<\/header>/.exec(page)![0];
  assert.ok(opening.includes('<h1>Overlap: 10 experiments, profile book</h1>'));
  const entries = [...opening.matchAll(/<li><a href="#([^"]+)">([^<]+)<\/a>\s*<p>([^<]+)<\/p><\/li>/g)];
  const shown = (text: string) => keepUnits(text).replaceAll("'", '&#39;');
  assert.deepEqual(
    entries.map(([, ...entry]) => entry),
    referenceSummary.experiments.map(({ id, question, finding }) => [
      id,
      shown(question),
      shown(finding!.headline),
    ]),
  );
  for (const [, id] of entries) assert.ok(page.includes(`<section id="${id}"`), id);
  const places = [
    '<h1>',
    '<ul class="answers">',
    'class="trust',
    'Profile book: ',
    '<dl class="environment">',
  ];
  const found = places.map((place) => opening.indexOf(place));
  assert.ok(!found.includes(-1), String(found));
  assert.deepEqual(
    found,
    found.toSorted((one, other) => one - other),
  );
});

test('an experiment without an answer says why in the list', () => {
  const skipped = { ...madeUpRecord([], { id: 'b' }), status: 'skipped' as const, reason: 'No PostgreSQL.' };
  const page = pageOf(madeUpRecord(TENFOLD), skipped);
  expectMatch(page, /<a href="#b">[^<]+<\/a>\s*<p>skipped: No PostgreSQL\.<\/p>/);
  expectMatch(page, /<h1>Overlap: 2 experiments, profile quick<\/h1>/);
});

test('the headline of an experiment stands out, and its details are a list', () => {
  const words = {
    finding: { headline: 'Use a pool.', short: 'use a pool', details: ['First.', 'Take 5 ms.'] },
    peersFinding: 'It is tied with aiohttp.',
    chartTitles: {},
  };
  const record = { ...madeUpRecord(TENFOLD), words };
  const page = reportPage(
    [record],
    summarise([record], () => undefined),
    painter,
  );
  expectMatch(page, /<h1>Use a pool\.<\/h1>/);
  expectMatch(page, /<p class="headline">Use a pool\.<\/p>/);
  expectMatch(page, /<ul class="details"><li>First\.<\/li><li>Take 5\u00a0ms\.<\/li><\/ul>/);
  expectMatch(page, /<p class="peers"><strong>[^<]+<\/strong> It is tied with aiohttp\.<\/p>/);
});

const limitsIn = (...records: ReturnType<typeof madeUpRecord>[]) =>
  limitsOf(records, summarise(records, () => crawl).experiments);

test('what the size of a run hides is told from its rounds and intervals', () => {
  const quick = madeUpRecord(TENFOLD);
  const [said] = limitsIn(quick);
  assert.match(
    said!,
    /^Profile quick: small workloads, 6 rounds\. A difference smaller than .* is not seen\./,
  );
  const { low, high } = summarise([quick], () => crawl).experiments[0]!.rows[1]!.speedup;
  assert.ok(said!.includes(`reach ${((Math.sqrt(high! / low!) - 1) * 100).toFixed(1)} % or more`), said);
  assert.match(said!, /--profile book\.$/);

  const smoke = { ...madeUpRecord(TENFOLD.slice(0, 2)), profile: 'smoke' };
  assert.match(
    limitsIn(smoke)[0]!,
    /^Profile smoke: .*2 rounds\. 2 rounds prove nothing: .* needs 6 rounds\./,
  );
  assert.match(
    limitsIn({ ...quick, profile: 'book' })[0]!,
    /^Profile book: the numbers of the book's chapter, 6 rounds\./,
  );
  const own = { ...madeUpRecord(TENFOLD.slice(0, 1)), profile: 'nightly' };
  assert.deepEqual(limitsIn(own), [
    'Profile nightly: 1 round. 1 round proves nothing: a 95 % interval needs 6 rounds.',
  ]);
  assert.equal(limitsIn(quick, smoke).length, 2);
  assert.deepEqual(limitsIn(madeUpRecord([])), []);
  // In words, not only in the function.
  expectMatch(pageOf(smoke), /<header>[\s\S]*2 rounds prove nothing[\s\S]*<\/header>/);
  expectMatch(pageOf(smoke), /This run is not checked, it has too few rounds: /);
});

test('every column of every table says what it means, on its heading and below the table', () => {
  const headings = new Set<string>();
  for (const experiment of referenceSummary.experiments)
    for (const rows of Map.groupBy(experiment.rows, ({ group }) => group).values())
      for (const table of rowTables(experiment, rows))
        for (const { heading, meaning } of meaningsOf(table, experiment.metrics)) {
          headings.add(heading);
          assert.match(meaning, /^[A-Z].*\.$/, `${experiment.id}: ${heading}`);
          for (const sentence of meaning.split(/(?<=[.:]) /))
            assert.ok(sentence.split(' ').length <= 25, sentence);
        }
  for (const heading of ['speedup', 'efficiency', 'nearest of ours', 'served a second'])
    assert.ok(headings.has(heading), heading);
  const page = pageOf(madeUpRecord(TENFOLD));
  const meaning = 'Wall time of all the work: the median over the rounds. Lower is better.';
  expectMatch(page, new RegExp(`<button type="button" title="${meaning}">time</button>`));
  expectMatch(
    page,
    new RegExp(`</table></div>\\s*<details class="columns">[^]*<dt>time</dt><dd>${meaning}</dd>`),
  );
});

test('a metric is explained by its name, unit, percentile and direction', () => {
  const metric: Metric = { name: 'startedAfterAbort', unit: 'count', better: 'lower' };
  assert.equal(
    meaningOfMetric(metric),
    'Started after abort (a number), the median over the rounds. Lower is better.',
  );
  const p99 = {
    ...metric,
    name: 'latencyP99Ms',
    unit: 'ms' as const,
    percentile: { share: 0.99, countedBy: 'x' },
  };
  assert.match(
    meaningOfMetric(p99),
    /^Latency 99th percentile \(a time\), .* 99 % of the values lie below it\./,
  );
  assert.match(meaningOfMetric({ ...metric, better: 'higher' }), /Higher is better\.$/);
  assert.match(meaningOfMetric({ ...metric, better: 'neither' }), /neither higher nor lower is better\.$/);
  for (const common of COMMON_METRICS) assert.doesNotMatch(meaningOfMetric(common), /\(/, common.name);
});

test('the slider says what it does', () => {
  const [, id, said] =
    /aria-describedby="(\S+-effect) [^"]*"[\s\S]*?<p class="note" id="\1">([\s\S]*?)<\/p>/.exec(
      withoutScripts(pageOf(madeUpRecord(TENFOLD))),
    ) ?? [];
  assert.equal(id, 'crawl-effect');
  assert.match(said!, /one of 6 rounds\. Diamonds in the charts/);
  const alone = madeUpRecord(TENFOLD);
  const page = withoutScripts(pageOf({ ...alone, charts: alone.charts.slice(1) }));
  assert.ok(!/id="crawl-effect">[^<]*Diamonds/.test(page));
});
