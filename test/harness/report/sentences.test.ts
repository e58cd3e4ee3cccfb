import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadPainter } from '../../../harness/charts/painter.ts';
import { markdownSummary } from '../../../harness/report/markdown.ts';
import { reportPage } from '../../../harness/report/page/report-page.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { terminalTable } from '../../../harness/report/table.ts';
import { headlineOf, keepUnits } from '../../../harness/report/text.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

const painter = await loadPainter();
const record = madeUpRecord(TENFOLD);

test('every report begins with the headline, that of the experiment or one from its rows', () => {
  const own = { headline: 'It takes 5 ms.', short: 'it takes 5 ms', details: [] };
  for (const [finding, headline] of [
    [() => own, 'It takes 5 ms.'],
    [() => null, 'promise-all is 10.2x as fast as serial.'],
  ] as const) {
    const summary = summarise([record], () => ({ finding }));
    const [experiment] = summary.experiments;
    assert.equal(experiment!.finding!.headline, headline);
    assert.equal(headlineOf(summary.experiments), headline);
    assert.ok(markdownSummary(summary).startsWith(`# ${headline}`));
    assert.ok(reportPage([record], summary, painter).includes(`<h1>${keepUnits(headline)}</h1>`));
    assert.ok(terminalTable(experiment!).includes(headline));
    assert.deepEqual(summary.warnings, []);
  }
});

test('a report says which words an experiment failed to make, and what to do', () => {
  const finding = () => {
    throw new TypeError('rows.find(...) is undefined');
  };
  const { experiments, warnings } = summarise([record], () => ({ finding }));
  assert.equal(experiments[0]!.finding!.headline, 'promise-all is 10.2x as fast as serial.');
  assert.deepEqual(warnings, [
    {
      what: 'crawl: its finding could not be made (TypeError: rows.find(...) is undefined).',
      remedy: 'Mend that in its file; a general sentence stands in its place.',
    },
  ]);
});

test('where no round was finished, nothing was measured', () => {
  const { experiments } = summarise([{ ...madeUpRecord([]), rounds: 6 }], () => undefined);
  assert.equal(experiments[0]!.finding, null);
  assert.equal(headlineOf(experiments), 'Nothing was measured.');
  assert.equal(headlineOf([]), 'Nothing was measured.');
});
