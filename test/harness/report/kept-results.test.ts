import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadPainter } from '../../../harness/charts/painter.ts';
import { experimentOf } from '../../../harness/measure/plan/catalog.ts';
import { readRecords } from '../../../harness/record/record-files.ts';
import { compareRuns } from '../../../harness/report/comparison/comparison.ts';
import { comparisonText } from '../../../harness/report/comparison/comparison-table.ts';
import { markdownSummary } from '../../../harness/report/markdown.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { terminalTable } from '../../../harness/report/table.ts';
import { catalog, project } from '../../fixtures/project.ts';

const painter = await loadPainter();
const named = new Set(catalog.filter(({ experiment }) => experiment.onlyWhenNamed).map(({ id }) => id));
const IDS = catalog.map(({ id }) => id).sort();

for (const run of ['reference', 'baseline']) {
  const directory = join(project.results, run);
  const records = readRecords(directory);

  test(`results/${run} is read whole, with every peer, metric and sample of its files`, () => {
    const kept = records.map(({ experiment }) => experiment.id);
    // An experiment that runs only when it is named need not be in a run of all.
    assert.deepEqual(
      kept,
      IDS.filter((id) => !named.has(id) || kept.includes(id)),
    );
    for (const { experiment, variants, samples, metrics, charts } of records) {
      const file = JSON.parse(readFileSync(join(directory, `${experiment.id}.json`), 'utf8'));
      assert.equal(samples.length, file.samples.length);
      assert.equal(charts.length, file.charts.length);
      assert.deepEqual(
        variants.map(({ peer }) => peer !== null),
        file.variants.map(({ peer }: { peer: unknown }) => Boolean(peer)),
      );
      const declared = new Set(metrics.map(({ name }) => name));
      for (const sample of samples)
        for (const name of Object.keys(sample.metrics)) assert.ok(declared.has(name), name);
    }
  });

  test(`results/${run} compared with itself did not change in any row`, () => {
    const { rows, warnings, movedBaselines, ...rest } = compareRuns(records, records, { margin: 0.05 });
    assert.ok(rows.length > 100);
    for (const { ratio, verdict, variant } of rows) {
      assert.ok(Math.abs(ratio.value - 1) < 0.02, variant);
      assert.ok(verdict === 'unchanged' || verdict === 'inconclusive', variant);
    }
    assert.deepEqual([warnings, movedBaselines, rest.onlyBefore, rest.onlyAfter], [[], [], [], []]);
    const paired = compareRuns(records, records, { margin: 0.05, paired: true });
    assert.ok(paired.rows.every(({ timeRatio }) => timeRatio!.value === 1));
    for (const line of comparisonText(paired).split('\n')) assert.ok(line.length <= 80, line);
  });

  for (const [what, known] of [
    ['by the experiments as they are', experimentOf(catalog)],
    ['by its records alone', () => undefined],
  ] as const)
    test(`results/${run} is told and drawn ${what}`, () => {
      const summary = summarise(records, known);
      const texts = [markdownSummary(summary), ...summary.experiments.map(terminalTable)];
      for (const text of texts) assert.doesNotMatch(text, /undefined|NaN|null|\[object/);
      for (const line of texts.slice(1).join('\n').split('\n')) assert.ok(line.length <= 80, line);
      assert.deepEqual(
        summary.warnings.filter(({ what }) => what.includes('could not be made')),
        [],
      );
      for (const [index, experiment] of summary.experiments.entries()) {
        const record = records[index]!;
        assert.ok(experiment.finding!.headline.length > 0);
        for (const chart of record.charts) {
          assert.ok(experiment.chartTitles[chart.view]!.length > 0, chart.view);
          const { configuration } = painter.picture(chart, record, experiment);
          assert.ok(configuration.data.datasets.length > 0, `${record.experiment.id} ${chart.view}`);
        }
      }
    });
}
