import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPainter } from '../../../harness/charts/painter.ts';
import { plain } from '../../../harness/findings/general.ts';
import type { Environment } from '../../../harness/record/schema.ts';
import benchstat from '../../../harness/report/exports/benchstat.ts';
import { markdownSummary } from '../../../harness/report/markdown.ts';
import { reportPage } from '../../../harness/report/page/report-page.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

const painter = await loadPainter();

const recordIn = (id: string, given: Partial<Environment>) => {
  const record = madeUpRecord(TENFOLD, { id });
  return { ...record, environment: { ...record.environment, ...given } };
};
const finding = () => plain('It was faster.');
const here = recordIn('crawl', {});
const there = recordIn('yielding', { node: '22.19.0', cpu: { model: 'another', count: 4 } });
const committed = recordIn('yielding', { git: { commit: 'a'.repeat(40), dirty: false } });
const summaryOf = (...records: (typeof here)[]) => summarise(records, () => ({ finding }));

test('a mixed run tells the environment of each experiment, and one that is not that of all', () => {
  const mixed = summaryOf(here, there);
  assert.equal(mixed.environment, null);
  assert.deepEqual(
    mixed.experiments.map(({ environment }) => environment),
    [here.environment, there.environment],
  );
  const whole = summaryOf(here, recordIn('yielding', { loadBefore: 3 }));
  assert.deepEqual(whole.environment, here.environment);
  for (const experiment of whole.experiments) assert.ok(!('environment' in experiment));
});

test('Markdown says where each experiment ran, where they differ in what it says', () => {
  const text = markdownSummary(summaryOf(here, there));
  assert.match(text, /^Profile quick; each experiment says where it ran\.$/m);
  const [, , crawl, yielding] = text.split(/^#+ /m);
  assert.match(crawl!, /^Node 24\.0\.0, undici 8\.12\.4, made up with 2 cores, linux\.$/m);
  assert.match(yielding!, /^Node 22\.19\.0, undici 8\.12\.4, another with 4 cores, linux\.$/m);
  const alike = /^Profile quick; Node 24\.0\.0, undici 8\.12\.4, made up with 2 cores, linux\.$/m;
  for (const summary of [summaryOf(here), summaryOf(here, committed)]) {
    assert.match(markdownSummary(summary), alike);
    assert.equal(markdownSummary(summary).split('made up').length, 2);
  }
});

test('the page has at its top what all share, and with each experiment what is its own', () => {
  const records = [here, there];
  const page = reportPage(records, summaryOf(...records), painter).replaceAll(
    /<script[\s\S]*?<\/script>/g,
    '',
  );
  const [header, ...sections] = page.split(/<section /);
  const factsIn = (text: string) =>
    // Columns are told in lists, too.
    [
      ...text
        .replaceAll(/<details class="columns[\s\S]*?<\/details>/g, '')
        .matchAll(/<div><dt>(.*?)<\/dt><dd>(.*?)<\/dd><\/div>/g),
    ].map(([, ...fact]) => fact);
  assert.deepEqual(
    factsIn(header!).map(([name]) => name),
    ['profile', 'undici', 'system', 'load before', 'commit'],
  );
  assert.deepEqual(factsIn(sections[0]!), [
    ['Node', '24.0.0'],
    ['processor', 'made up, 2 cores'],
  ]);
  assert.deepEqual(factsIn(sections[1]!), [
    ['Node', '22.19.0'],
    ['processor', 'another, 4 cores'],
  ]);
});

test('the page says that a Node is the own one of a machine, and nothing of a locked one', () => {
  const nodeIn = (facts: Parameters<typeof recordIn>[1]) => {
    const records = [recordIn('crawl', facts)];
    const [, said] = /<dt>Node<\/dt><dd>(.*?)<\/dd>/.exec(
      reportPage(records, summaryOf(...records), painter),
    )!;
    return said;
  };
  assert.equal(nodeIn({ nodeFrom: 'machine' }), '24.0.0, as installed on the machine');
  assert.equal(nodeIn({ nodeFrom: 'lock' }), '24.0.0');
});

test("Go's text names the processor again where it changes", () => {
  const lines = benchstat.export(summaryOf(here, there), [here, there]).split('\n');
  const heads = lines.filter((line) => line.startsWith('cpu: '));
  assert.deepEqual(heads, ['cpu: made up', 'cpu: another']);
  assert.ok(lines.indexOf('cpu: another') < lines.findIndex((line) => line.startsWith('BenchmarkYielding')));
  const same = benchstat.export(summaryOf(here, committed), [here, committed]).split('\n');
  assert.equal(same.filter((line) => line.startsWith('cpu: ')).length, 1);
});
