import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import hashAndSave from '../../../benchmarks/hash-and-save.ts';
import { loadPainter } from '../../../harness/charts/painter.ts';
import { panelsOf } from '../../../harness/charts/timeline/panels.ts';
import { experimentOf } from '../../../harness/measure/plan/catalog.ts';
import type { Chart } from '../../../harness/model/chart.ts';
import type { Row } from '../../../harness/model/row.ts';
import { readRecords } from '../../../harness/record/record-files.ts';
import type { RunRecord } from '../../../harness/record/schema.ts';
import { markdownSummary } from '../../../harness/report/markdown.ts';
import { reportPage } from '../../../harness/report/page/report-page.ts';
import { type Findings, summarise } from '../../../harness/report/summary.ts';
import { terminalTable } from '../../../harness/report/table.ts';
import { keepUnits, ratioDigits } from '../../../harness/report/text.ts';
import { catalog } from '../../fixtures/project.ts';
import { baselineAlone, madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

const painter = await loadPainter();

const results = join(import.meta.dirname, '../../../results');
const runs = ['reference', 'baseline'].map((name) => readRecords(join(results, name)));
const nameOf = ({ group, variant }: Pick<Row, 'group' | 'variant'>) => `${group} ${variant}`;

for (const record of runs.flat())
  test(`${record.experiment.id}, ${record.profile}: a chart's sentence gets the rows that the chart shows, and no others`, () => {
    const given = new Map<string, readonly Row[]>();
    const charts = record.charts.map((chart) => ({
      ...chart,
      says(rows: readonly Row[]) {
        given.set(chart.view, rows);
        return 'It says.';
      },
    }));
    const { rows } = summarise([record], () => ({ finding: () => 'All.', charts }) as Findings)
      .experiments[0]!;
    for (const chart of record.charts) {
      const told = given.get(chart.view)!.map(nameOf);
      const inGroups = rows.filter(({ group }) => chart.groups?.includes(group) ?? true);
      const panels = panelsOf(record, [], chart.groups).map(({ variant }) => record.variants[variant]!);
      const shown =
        chart.kind === 'timeline'
          ? panels.map(({ id, group }) => nameOf({ group, variant: id }))
          : chart.kind === 'lines' && chart.x.parameter !== undefined
            ? inGroups.filter(({ parameters }) => parameters[chart.x.parameter!] !== undefined).map(nameOf)
            : inGroups.filter(({ peer }) => !peer || chart.kind !== 'scalability').map(nameOf);
      assert.deepEqual(told.toSorted(), shown.toSorted(), chart.view);
    }
  });

test('the timeline of hash-and-save speaks of the cost that it shows', () => {
  const quick = runs[1]!.find(({ experiment }) => experiment.id === 'hash-and-save')!;
  const [experiment] = summarise([quick], () => hashAndSave).experiments;
  assert.deepEqual([...new Set(experiment!.rows.map(({ group }) => group))], ['cost 6', 'cost 8']);
  assert.match(experiment!.chartTitles.timeline!, /^At cost 8, /);
});

const summaryWith = (findings: Partial<Findings>, record: RunRecord = madeUpRecord(TENFOLD)) =>
  summarise([record], () => ({ finding: () => '', ...findings }));

test('an experiment whose finding is empty has one from its rows, wherever a report begins', () => {
  for (const finding of [() => '', () => ' ', () => undefined as unknown as string]) {
    const summary = summaryWith({ finding });
    const [experiment] = summary.experiments;
    const expected = 'Fastest: promise-all, 10.2 times as fast as serial (95 % interval 10.0 to 10.5).';
    assert.equal(experiment!.finding, expected);
    assert.deepEqual(experiment!.chartTitles, { speedup: expected, timeline: expected });
    assert.ok(markdownSummary(summary).startsWith(`# ${expected}`));
    assert.ok(
      reportPage([madeUpRecord(TENFOLD)], summary, painter).includes(`<h1>${keepUnits(expected)}</h1>`),
    );
    assert.ok(terminalTable(experiment!).includes('Fastest: promise-all'));
    assert.deepEqual(summary.warnings, []);
  }
});

test('a finding from the rows claims no more than they prove', () => {
  const findingOf = (record: RunRecord) => summaryWith({}, record).experiments[0]!.finding;
  const equal = TENFOLD.map(([ms], index) => [ms, ms * (index % 2 === 0 ? 1.01 : 0.99)] as const);
  assert.equal(findingOf(madeUpRecord(equal)), 'No row was measurably faster than its baseline.');
  assert.equal(
    findingOf(madeUpRecord(TENFOLD.slice(0, 3))),
    'Fastest: promise-all, 10.1 times as fast as serial; too few rounds for an interval, so that nothing is proven.',
  );
  const whole = madeUpRecord(TENFOLD);
  assert.equal(findingOf(baselineAlone(whole)), 'Nothing was compared.');
  assert.equal(findingOf({ ...madeUpRecord([]), rounds: 6 }), '');
  const grouped = whole.variants.map((variant) => ({ ...variant, group: '50 ms' }));
  assert.match(
    findingOf({ ...whole, variants: grouped }),
    /^Fastest: 50 ms promise-all, 10\.2 times as fast/,
  );
});

test('an experiment that fails to make a sentence keeps its report, which says so', () => {
  const charts = catalog.find(({ id }) => id === 'crawl')!.experiment.charts;
  const broken = () => {
    throw new TypeError('rows.find(...) is undefined');
  };
  const summary = summaryWith({
    finding: broken,
    charts: charts.map((chart) => ({ ...chart, says: broken })),
  });
  assert.match(summary.experiments[0]!.finding, /^Fastest: promise-all/);
  assert.equal(
    summary.warnings[0],
    'crawl: its finding could not be made, and a general one stands in its place (TypeError: rows.find(...) is undefined).',
  );
  assert.equal(summary.warnings.length, 3);
});

test('an experiment that this version no longer has is told of all the same', () => {
  const [experiment] = summarise([madeUpRecord(TENFOLD)], experimentOf([])).experiments;
  assert.match(experiment!.finding, /^Fastest: promise-all, 10\.2 times/);
});

test('how far clients are apart is one number, in the finding, in the chart and its title', () => {
  for (const run of runs) {
    const record = run.find(({ experiment }) => experiment.id === 'clients')!;
    const [experiment] = summarise([record], experimentOf(catalog)).experiments;
    const title = experiment!.chartTitles.latency!;
    const [, group, times] = /^At (\S+ ms) the slowest client takes (\S+) times/.exec(title) ?? [];
    const inFinding = new RegExp(`At ${group} .*?takes (\\S+) times`).exec(experiment!.finding)?.[1];
    assert.ok(times !== undefined);
    assert.equal(times, inFinding);
    const chart = record.charts.find(({ view }) => view === 'latency') as Chart;
    const { data } = painter.picture(chart, record, experiment!).configuration;
    const points = data.datasets.flatMap(({ label, data }) =>
      label === '' || label === 'the bound' ? [] : (data as unknown as { x: number; y: number }[]),
    );
    const heights = points.filter(({ x }) => `${x} ms` === group).map(({ y }) => y);
    assert.equal(ratioDigits(Math.max(...heights) / Math.min(...heights)), times);
  }
});
