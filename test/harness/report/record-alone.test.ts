import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadPainter } from '../../../harness/charts/painter.ts';
import { plain } from '../../../harness/findings/general.ts';
import { experimentOf } from '../../../harness/measure/plan/catalog.ts';
import { readRecords, writeRecord } from '../../../harness/record/record-files.ts';
import type { RunRecord } from '../../../harness/record/schema.ts';
import { markdownSummary } from '../../../harness/report/markdown.ts';
import { reportPage } from '../../../harness/report/page/report-page.ts';
import { summarise, summaryJson } from '../../../harness/report/summary.ts';
import { terminalTable } from '../../../harness/report/table.ts';
import { catalog } from '../../fixtures/project.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';
import { wholeRecord, wholeRun } from '../../fixtures/whole-record.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-alone-'));
after(() => rmSync(scratch, { recursive: true }));
const painter = await loadPainter();

/** Reports of a run from its files only: this project does not have its experiments. */
function outputsOf(run: readonly RunRecord[]) {
  const directory = mkdtempSync(join(scratch, 'results-'));
  for (const record of run) writeRecord(directory, record);
  const records = readRecords(directory);
  const known = experimentOf(catalog);
  for (const { experiment } of records) assert.equal(known(experiment.id), undefined);
  const summary = summarise(records, known);
  const text = (markup: string) =>
    markup.replaceAll(/<script[\s\S]*?<\/script>/g, '').replaceAll('\u00a0', ' ');
  return {
    records,
    summary,
    json: JSON.stringify(summaryJson(summary)),
    terminal: summary.experiments.map(terminalTable).join('\n').replaceAll(/\s+/g, ' '),
    markdown: markdownSummary(summary),
    page: text(reportPage(records, summary, painter)),
  };
}

const { records, summary, ...texts } = outputsOf(wholeRun());
const { finding, peersFinding, chartTitles } = wholeRecord().words!;

test('finding, details and what is said of peers stand in every output as the record has them', () => {
  for (const [where, text] of Object.entries(texts))
    for (const sentence of [finding!.headline, ...finding!.details, peersFinding])
      assert.ok(text.includes(sentence), `${where}: ${sentence}`);
  assert.deepEqual(summary.experiments[0]!.finding, finding);
});

test('each chart has the title that the record gives it', () => {
  assert.deepEqual(summary.experiments[0]!.chartTitles, chartTitles);
  for (const title of Object.values(chartTitles))
    assert.ok(texts.page.includes(`<figcaption>${title}</figcaption>`), title);
});

test('declared metrics have their headings, and their values in their units', () => {
  const cells = ['p50', 'retried', 'heap', '11.4 ms', '1.5 %', '4.00 KiB'];
  for (const where of ['terminal', 'markdown', 'page'] as const)
    for (const cell of cells) assert.ok(texts[where].includes(cell), `${where}: ${cell}`);
  // 100 values have one beyond the 99 % percentile, and what has no heading has no column.
  for (const where of ['terminal', 'markdown'] as const)
    assert.doesNotMatch(texts[where], /p99|repliesPerSecond/, where);
  assert.deepEqual(JSON.parse(texts.json).experiments[0].metrics, wholeRecord().metrics);
});

test('a chart of a declared metric is drawn in its unit', () => {
  const [{ rows }] = summary.experiments as [(typeof summary.experiments)[0]];
  const chart = records[0]!.charts.find(({ kind }) => kind === 'lines')!;
  const { caption, configuration } = painter.picture(chart, records[0]!, { rows });
  assert.match(caption, /./);
  assert.ok(configuration.data.datasets.length > 0);
});

test('the record has the settings of its target, and which peers ran or did not', () => {
  assert.deepEqual(records[0]!.targets, { server: { kind: 'latency', capacity: 20 } });
  for (const where of ['terminal', 'markdown', 'page'] as const) {
    assert.ok(texts[where].includes('skipped: gevent, tornado, because gevent is not installed;'), where);
    assert.ok(texts[where].includes('aiohttp all'), where);
  }
});

test('an interrupted run, of which nothing was said, gets general words', () => {
  const [, few] = summary.experiments;
  assert.equal(records[1]!.words, null);
  assert.equal(few!.finding!.headline, 'Nothing is proven by 2 rounds: run at least 6.');
  assert.deepEqual(few!.chartTitles, {
    speedup: few!.finding!.headline,
    timeline: few!.finding!.headline,
  });
  const killed = { ...madeUpRecord(TENFOLD, { id: 'killed' }), rounds: 9, status: 'running' as const };
  const outputs = outputsOf([killed]);
  const { headline } = outputs.summary.experiments[0]!.finding!;
  assert.equal(headline, 'promise-all is 10.2x as fast as serial.');
  for (const where of ['json', 'terminal', 'markdown', 'page'] as const) {
    assert.ok(outputs[where].includes(headline), where);
    assert.ok(outputs[where].includes('The run ended after 6 of 9 rounds.'), where);
  }
});

test('where the project has the experiment, its words stand in place of those of the record', () => {
  const own = { finding: () => plain('It says something better by now.'), charts: [] };
  const [experiment] = summarise([wholeRecord()], () => own).experiments;
  assert.equal(experiment!.finding!.headline, 'It says something better by now.');
  assert.equal(experiment!.chartTitles.speedup, 'It says something better by now.');
  assert.notEqual(experiment!.peersFinding, peersFinding);
});
