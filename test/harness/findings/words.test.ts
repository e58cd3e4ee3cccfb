import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOfRecord } from '../../../harness/findings/rows.ts';
import { type Worded, withWords, wordsOf } from '../../../harness/findings/words.ts';
import type { Finding, MeasuredRows } from '../../../harness/model/finding.ts';
import type { RunRecord, Words } from '../../../harness/record/schema.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

const record = madeUpRecord(TENFOLD);
const GENERAL = 'promise-all is 10.2x as fast as serial.';
const said: Finding = { headline: 'It is so.', short: 'it is so', details: ['Do it.'] };
const kept: Words = {
  finding: { headline: 'It was so.', short: 'it was so', details: [] },
  peersFinding: 'They were slower.',
  chartTitles: { speedup: 'It was shown.' },
};

const words = (experiment: Worded | undefined, given: RunRecord = record) =>
  wordsOf(given, experiment, rowsOfRecord(given));
const withTitles = (says: (rows: MeasuredRows) => string): Worded => ({
  charts: record.charts.map((chart) => ({ ...chart, says })),
});

test('an experiment that is known says it, and not what the record has', () => {
  const { words: made, faults } = words(
    { finding: () => said, ...withTitles(() => ' It is shown. ') },
    { ...record, words: kept },
  );
  assert.deepEqual(made, {
    finding: said,
    peersFinding: '',
    chartTitles: { speedup: 'It is shown.', timeline: 'It is shown.' },
  });
  assert.deepEqual(faults, []);
});

test('of an experiment that is not known the words of the record stand', () => {
  const { words: made, faults } = words(undefined, { ...record, words: kept });
  assert.deepEqual(made.finding, kept.finding);
  assert.equal(made.peersFinding, 'They were slower.');
  // What the record has no title for says what its rows do: it shows one of them.
  assert.deepEqual(made.chartTitles, { speedup: 'It was shown.', timeline: GENERAL });
  assert.deepEqual(faults, []);
});

test('where neither says anything, the rows do', () => {
  for (const experiment of [undefined, {}, { finding: () => null }]) {
    const { words: made, faults } = words(experiment);
    assert.equal(made.finding!.headline, GENERAL);
    assert.deepEqual(made.chartTitles, { speedup: GENERAL, timeline: GENERAL });
    assert.deepEqual(faults, []);
  }
});

test('a finding or a title that throws is told with a remedy, and a general sentence stands in its place', () => {
  const fail = () => {
    throw new TypeError('rows.find(...) is undefined');
  };
  const { words: made, faults } = words({ finding: fail, ...withTitles(fail) }, { ...record, words: kept });
  assert.equal(made.finding!.headline, GENERAL);
  assert.deepEqual(made.chartTitles, { speedup: GENERAL, timeline: GENERAL });
  assert.deepEqual(
    faults.map(({ what }) => what),
    [
      'crawl: its finding could not be made (TypeError: rows.find(...) is undefined).',
      'crawl: what its chart speedup shows could not be made (TypeError: rows.find(...) is undefined).',
      'crawl: what its chart timeline shows could not be made (TypeError: rows.find(...) is undefined).',
    ],
  );
  for (const { remedy } of faults)
    assert.equal(remedy, 'Mend that in its file; a general sentence stands in its place.');
});

test('what does not fit is refused, and what just fits is taken', () => {
  const tried = (given: Partial<Finding>) => words({ finding: () => ({ ...said, ...given }) });
  for (const [fits, tooMuch, what] of [
    [{ headline: 'a'.repeat(120) }, { headline: 'a'.repeat(121) }, 'its headline has 121 characters'],
    [{ short: 'a'.repeat(56) }, { short: 'a'.repeat(57) }, 'its short has 57 characters'],
    [{ headline: 'a' }, { headline: ' ' }, 'its headline has 1 characters'],
    [{ short: 'a' }, { short: '' }, 'its short has 0 characters'],
    [{ details: ['a', 'b', 'c'] }, { details: ['a', 'b', 'c', 'd'] }, 'it has 4 details'],
  ] as const) {
    assert.deepEqual(tried(fits).words.finding, { ...said, ...fits });
    assert.deepEqual(tried(fits).faults, []);
    const { words: made, faults } = tried(tooMuch);
    assert.equal(made.finding!.headline, GENERAL);
    assert.equal(faults.length, 1);
    assert.ok(faults[0]!.what.includes(what), faults[0]!.what);
  }
});

test('a title that is too long is refused, and what just fits is taken', () => {
  const title = (length: number) => words(withTitles(() => ` ${'a'.repeat(length)} `));
  assert.equal(title(120).words.chartTitles.speedup, 'a'.repeat(120));
  const { words: made, faults } = title(121);
  assert.equal(made.chartTitles.speedup, GENERAL);
  assert.match(faults[0]!.what, /its chart speedup shows could not be made .*it has 121 characters/);
});

test('details that are empty are left out', () => {
  const { words: made } = words({ finding: () => ({ ...said, details: ['', 'Do it.', ''] }) });
  assert.deepEqual(made.finding!.details, ['Do it.']);
});

test('too few rounds prove nothing, whatever an experiment or a record says', () => {
  const few = { ...madeUpRecord(TENFOLD.slice(0, 5)), words: kept };
  const refuse = () => assert.fail('asked of too few rounds');
  for (const experiment of [{ finding: refuse, ...withTitles(refuse) }, undefined]) {
    const { words: made, faults } = words(experiment, few);
    assert.equal(made.finding!.headline, 'Nothing is proven by 5 rounds: run at least 6.');
    assert.deepEqual(faults, []);
  }
});

test('of a run without a finished round nothing is said', () => {
  const none = { ...madeUpRecord([]), rounds: 6, words: kept };
  const { words: made } = words({ finding: () => said }, none);
  assert.deepEqual(made, { finding: null, peersFinding: '', chartTitles: {} });
});

test('a chart of all rows has the finding as its title, and one of a few rows its own', () => {
  const { words: made } = words({ finding: () => said, ...withTitles(() => '') });
  assert.deepEqual(made.chartTitles, { speedup: said.headline, timeline: GENERAL });
});

test('a record keeps the words of its experiment, so that it can be drawn without it', () => {
  const worded = withWords(record, { finding: () => said });
  assert.deepEqual(wordsOf(worded, undefined, rowsOfRecord(worded)).words.finding, said);
  assert.deepEqual(worded.samples, record.samples);
});
