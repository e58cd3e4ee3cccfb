import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import yielding from '../../../benchmarks/yielding.ts';
import { loadPainter } from '../../../harness/charts/painter.ts';
import { plain } from '../../../harness/findings/general.ts';
import type { Worded } from '../../../harness/findings/words.ts';
import { checkDeclarations, loadExperiment } from '../../../harness/measure/plan/catalog.ts';
import { planRun } from '../../../harness/measure/plan/plan.ts';
import { readRecord, readRecords, writeRecord } from '../../../harness/record/record-files.ts';
import type { RunRecord } from '../../../harness/record/schema.ts';
import { markdownSummary } from '../../../harness/report/markdown.ts';
import { reportPage } from '../../../harness/report/page/report-page.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { csvSummary, terminalTable } from '../../../harness/report/table.ts';
import { kinds } from '../../fixtures/kinds.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

const painter = await loadPainter();

const scratch = mkdtempSync(join(tmpdir(), 'overlap-unequal-'));
after(() => rmSync(scratch, { recursive: true }));

/** A record of a row that is ten times as fast as its baseline since it answers nothing. */
function recordOf(
  unequalWork: RunRecord['unequalWork'] | undefined,
  metrics = { answers: 0 } as Record<string, number>,
): RunRecord {
  const record = madeUpRecord(TENFOLD);
  return {
    ...record,
    metrics: [
      { name: 'other', unit: 'count', better: 'neither', heading: 'other' },
      { name: 'answers', unit: 'count', better: 'higher', heading: 'answers' },
    ],
    ...(unequalWork === undefined ? {} : { unequalWork }),
    samples: record.samples.map((sample) => ({
      ...sample,
      metrics: sample.variant === 1 ? { other: 3, ...metrics } : { answers: 7, other: 3 },
    })),
  };
}

const DECLARED: Worded = { finding: () => plain('It says.'), unequalWork: { '': 'answers' } };

/** What each output has of the row, and the headings above it. */
function outputsOf(record: RunRecord, worded: Worded | undefined) {
  const summary = summarise([record], () => worded);
  const terminal = terminalTable(summary.experiments[0]!);
  const page = reportPage([record], summary, painter).replaceAll(/<script[\s\S]*?<\/script>/g, '');
  const tables = page.slice(page.indexOf('<details class="tables"'));
  return { summary, terminal, markdown: markdownSummary(summary), page: tables };
}

test('where rows do unequal work no table has a speedup, and each row says what it did instead', () => {
  // Declared by the experiment, or by the record of one that is unknown by now.
  for (const outputs of [
    outputsOf(recordOf(undefined), DECLARED),
    outputsOf(recordOf({ '': 'answers' }), undefined),
  ]) {
    const { terminal, markdown, page, summary } = outputs;
    assert.doesNotMatch(terminal, /speedup {2}|95 % interval|10\.2x/);
    assert.match(terminal, /variant +time +answers +efficiency/);
    assert.match(terminal, /promise-all +9\.80 ms +0 +90\.0 %/);
    assert.match(terminal, /serial +100 ms +7 +90\.0 %/);
    assert.match(terminal, /No speedups: rows do unequal work,/);
    assert.doesNotMatch(markdown, /speedup \||10\.2x/);
    assert.match(markdown, /\| promise-all \| 9\.80 ms \| 0 \| 90\.0 % \|/);
    assert.match(markdown, /No speedups: rows do unequal work,/);
    assert.doesNotMatch(page, /<button [^>]*>speedup|10\.2x/);
    assert.match(page, /<th scope="row">promise-all<\/th><td>9\.80 ms<\/td><td>0<\/td>/);
    // What stands in the first table is not told again.
    assert.equal(page.match(/<button[^>]*>answers</g)!.length, 1);
    assert.equal(page.match(/<button[^>]*>other</g)!.length, 1);
    assert.equal(summary.experiments[0]!.rows[1]!.sameWork, false);
    // Numbers stay whole for programs.
    assert.ok(summary.experiments[0]!.rows[1]!.speedup.value > 10);
    assert.match(
      csvSummary(summary),
      /promise-all,false,false,false,6,[\d.]+,[\d.]+,0\.9,10\.2\d+,10\.\d+,10\.\d+/,
    );
  }
});

test('a chart of speedups leaves out rows that do other work, and says so where no row is left', () => {
  const { summary } = outputsOf(recordOf({ '': 'answers' }), undefined);
  const { rows } = summary.experiments[0]!;
  const { caption, configuration } = painter.picture(
    { kind: 'speedup', view: 'speedup' },
    recordOf({ '': 'answers' }),
    {
      rows,
    },
  );
  assert.deepEqual(configuration.data.labels, ['serial']);
  assert.match(caption, /No row does the same work as its baseline/);
  const relative = { figure: 'medianMs', title: 'time', relativeTo: 'serial' };
  const lines = {
    ...{ kind: 'lines' as const, view: 'lines', line: 'variant' as const, series: [relative] },
    ...{
      x: { figure: 'medianMs', title: 'time', scale: 'linear' as const },
      left: { title: 'times', scale: 'linear' as const },
    },
  };
  assert.deepEqual(
    painter.picture(lines, recordOf({ '': 'answers' }), { rows }).configuration.data.datasets,
    [],
  );
  assert.match(
    summarise([recordOf({ '': 'answers' })], () => undefined).experiments[0]!.finding!.headline,
    /^These rows do unequal work, so no speedup is told\.$/,
  );
});

test('a row that lost jobs has no speedup, while the others of its group have theirs', () => {
  const lossy = recordOf(undefined, { failedJobs: 4 });
  const whole = madeUpRecord(TENFOLD);
  const three: RunRecord = {
    ...lossy,
    variants: [...lossy.variants, { ...whole.variants[1]!, id: 'semaphore@10' }],
    samples: [
      ...lossy.samples,
      ...whole.samples.filter(({ variant }) => variant === 1).map((sample) => ({ ...sample, variant: 2 })),
    ],
  };
  const { terminal, markdown } = outputsOf(three, undefined);
  assert.match(terminal, /promise-all \* +9\.80 ms +- +90\.0 %/);
  assert.match(terminal, /semaphore@10 +9\.80 ms +10\.2x +10\.0–10\.5 +90\.0 %/);
  assert.match(markdown, /\| promise-all \\\* \| 9\.80 ms \| - \| +\| 90\.0 % \|/);
  assert.match(markdown, /promise-all: 4 of 10 jobs failed/);
  assert.doesNotMatch(terminal, /No speedups/);
});

test('the record keeps which groups do unequal work, and one without that word is read as before', () => {
  writeRecord(scratch, recordOf({ '': 'answers' }));
  assert.deepEqual(readRecord(join(scratch, 'crawl.json')).unequalWork, { '': 'answers' });
  const { terminal } = outputsOf(recordOf(undefined), undefined);
  assert.match(terminal, /promise-all +9\.80 ms +10\.2x/);
});

test('what an experiment declares is in the record of its run, and must name its own groups and a metric with a heading', async () => {
  const entry = await loadExperiment(join(import.meta.dirname, '../../../benchmarks/yielding.ts'));
  const request = { names: [], profile: 'quick', rounds: undefined, seed: 1 } as const;
  const { environment } = madeUpRecord([]);
  const [plan] = await planRun({ catalog: [entry], kinds, request, environment });
  assert.deepEqual(plan!.record.unequalWork, {
    how: 'requestsDuringWork',
    'how often': 'requestsDuringWork',
  });
  const refuses = (unequalWork: Record<string, string>, expected: RegExp) =>
    assert.throws(
      () => checkDeclarations({ ...entry, experiment: { ...entry.experiment, unequalWork } }),
      expected,
    );
  refuses(
    { hwo: 'requestsDuringWork' },
    /yielding: unequalWork names "hwo", which is not one of its groups\./,
  );
  refuses(
    { how: 'requests' },
    /yielding: unequalWork names requests, which is not a metric with a heading\./,
  );
});

test('yielding: the row of MessageChannel, which lets no I/O run, says so and has no speedup', () => {
  for (const run of ['baseline', 'reference']) {
    const records = readRecords(join(import.meta.dirname, '../../../results', run));
    const record = records.find(({ experiment }) => experiment.id === 'yielding')!;
    const [experiment] = summarise([record], () => yielding).experiments;
    const text = terminalTable(experiment!);
    assert.match(text, /variant +time +answers(?: during work)? +efficiency/);
    assert.match(text, /MessageChannel(?: \*)? +\S+ m?s +0 +/);
    assert.match(text, /setImmediate(?: \*)? +\S+ m?s +[1-9]/);
    assert.doesNotMatch(text, /speedup {2}/);
    for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
  }
});
