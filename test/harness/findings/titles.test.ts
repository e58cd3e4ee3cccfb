import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import hashAndSave from '../../../benchmarks/hash-and-save.ts';
import { loadPainter } from '../../../harness/charts/painter.ts';
import { FLOOR_NAME } from '../../../harness/charts/style.ts';
import { panelsOf } from '../../../harness/charts/timeline/panels.ts';
import { ratioDigits } from '../../../harness/findings/numbers.ts';
import { rowsOfRecord } from '../../../harness/findings/rows.ts';
import { wordsOf } from '../../../harness/findings/words.ts';
import { experimentOf } from '../../../harness/measure/plan/catalog.ts';
import type { MeasuredRows } from '../../../harness/model/finding.ts';
import type { Row } from '../../../harness/model/row.ts';
import { readRecords } from '../../../harness/record/record-files.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { catalog } from '../../fixtures/project.ts';

const painter = await loadPainter();
const results = join(import.meta.dirname, '../../../results');
const runs = ['reference', 'baseline'].map((name) => readRecords(join(results, name)));
const nameOf = ({ group, variant }: Pick<Row, 'group' | 'variant'>) => `${group} ${variant}`;

for (const record of runs.flat())
  test(`${record.experiment.id}, ${record.profile}: a chart's sentence gets the rows that the chart shows, and no others`, () => {
    const given = new Map<string, readonly Row[]>();
    const charts = record.charts.map((chart) => ({
      ...chart,
      says({ own, peers, floors }: MeasuredRows) {
        assert.ok(own.every(({ peer, floor }) => peer === null && floor !== true));
        assert.ok(peers.every(({ peer }) => peer !== null));
        given.set(chart.view, [...own, ...peers, ...floors]);
        return 'It says.';
      },
    }));
    const rows = rowsOfRecord(record);
    const { words, faults } = wordsOf(record, { charts }, rows);
    assert.deepEqual(faults, []);
    for (const chart of record.charts) {
      assert.equal(words.chartTitles[chart.view], 'It says.');
      const told = given.get(chart.view)!.map(nameOf);
      const inGroups = rows.filter(({ group }) => chart.groups?.includes(group) ?? true);
      const panels = panelsOf(record, [], chart.groups).map(({ variant }) => record.variants[variant]!);
      const shown =
        chart.kind === 'timeline'
          ? panels.map(({ id, group }) => nameOf({ group, variant: id }))
          : chart.kind === 'lines' && chart.x.parameter !== undefined
            ? inGroups.filter(({ parameters }) => parameters[chart.x.parameter!] !== undefined).map(nameOf)
            : inGroups
                .filter(({ peer, floor }) => (peer === null && !floor) || chart.kind !== 'scalability')
                .map(nameOf);
      assert.deepEqual(told.toSorted(), shown.toSorted(), chart.view);
    }
  });

test('the timeline of hash-and-save speaks of the cost that it shows', () => {
  const quick = runs[1]!.find(({ experiment }) => experiment.id === 'hash-and-save')!;
  const [experiment] = summarise([quick], () => hashAndSave).experiments;
  assert.deepEqual([...new Set(experiment!.rows.map(({ group }) => group))], ['cost 6', 'cost 8']);
  assert.match(experiment!.chartTitles.timeline!, /^Beside hashing alone \(cost 8\): /);
});

test('how far clients are apart is one number, in the finding, in the chart and its title', () => {
  for (const run of runs) {
    const record = run.find(({ experiment }) => experiment.id === 'clients')!;
    const [experiment] = summarise([record], experimentOf(catalog)).experiments;
    const title = experiment!.chartTitles.latency!;
    const [, times, group] = /takes (\S+)x as long as the fastest at (\S+ ms) latency/.exec(title) ?? [];
    assert.ok(times !== undefined && group !== undefined, title);
    const told = [...experiment!.finding!.details, experiment!.finding!.headline].join(' ');
    if (told.includes(`at ${group} latency`)) assert.ok(told.includes(`${times}x as long.`), told);
    const chart = record.charts.find(({ view }) => view === 'latency')!;
    const { data } = painter.picture(chart, record, experiment!).configuration;
    const points = data.datasets.flatMap(({ label, data }) =>
      label === '' || label === 'the bound' || label === FLOOR_NAME
        ? []
        : (data as unknown as { x: number; y: number }[]),
    );
    const heights = points.filter(({ x }) => `${x} ms` === group).map(({ y }) => y);
    assert.equal(ratioDigits(Math.max(...heights) / Math.min(...heights)), times);
  }
});
