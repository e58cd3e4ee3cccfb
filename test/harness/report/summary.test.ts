import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from '../../../harness/findings/general.ts';
import { markdownSummary } from '../../../harness/report/markdown.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { csvSummary, terminalTable } from '../../../harness/report/table.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

const finding = () => plain('It was faster.');
const summaryOf = (...parameters: Parameters<typeof madeUpRecord>) =>
  summarise([madeUpRecord(...parameters)], () => ({ finding }));

test('a row has its speedup with interval, its efficiency and what the target saw', () => {
  const [serial, promiseAll] = summaryOf(TENFOLD).experiments[0]!.rows;
  assert.deepEqual(serial!.speedup, { value: 1, low: 1, high: 1 });
  assert.ok(Math.abs(promiseAll!.speedup.value - 10.25) < 0.01);
  assert.ok(promiseAll!.speedup.low! >= 10 && promiseAll!.speedup.high! <= 10.5);
  assert.ok(Math.abs(promiseAll!.efficiency - 0.9) < 1e-9);
  assert.deepEqual(promiseAll!.target, { requests: 10, peakInFlight: 10, connections: 1 });
});

test('an A/A pair that differs makes the run untrusted, one that does not leaves it', () => {
  assert.equal(summaryOf(TENFOLD).trusted, true);
  const shifted = TENFOLD.map(([baselineMs]) => baselineMs * 1.2);
  const summary = summaryOf(TENFOLD, { twinTimes: shifted });
  assert.equal(summary.trusted, false);
  assert.deepEqual(summary.warnings, [
    {
      what: 'This run is not to be trusted: identical variants differ by -16.7 % (-16.7 to -16.7).',
      remedy: 'Run it again on a machine that does nothing else.',
    },
  ]);
});

test('fewer than 6 rounds have no interval, and the tables say so', () => {
  const summary = summaryOf(TENFOLD.slice(0, 5));
  const [, promiseAll] = summary.experiments[0]!.rows;
  assert.equal(promiseAll!.speedup.low, null);
  assert.match(terminalTable(summary.experiments[0]!), /needs 6 rounds, and this has 5/);
  assert.match(markdownSummary(summary), /needs 6 rounds, and this has 5/);
});

test('a round that is not whole is left out, and a failed check makes the experiment errored', () => {
  const record = madeUpRecord(TENFOLD);
  const failed = record.samples.map((sample) =>
    sample.round === 2 && sample.variant === 1 ? { ...sample, failure: 'the target saw 3 requests' } : sample,
  );
  const cut = failed.filter((sample) => sample.round !== 6 || sample.variant !== 1);
  const summary = summarise(
    [{ ...record, status: 'errored', reason: 'crawl failed.', samples: cut }],
    () => ({ finding }),
  );
  assert.equal(summary.experiments[0]!.status, 'errored');
  assert.equal(summary.experiments[0]!.rows[0]!.rounds, 4);
  assert.match(terminalTable(summary.experiments[0]!), /errored: crawl failed\./);
});

test('a variant whose client was busy all the time is marked', () => {
  const summary = summaryOf(TENFOLD, { cpuMs: 9.9 });
  assert.match(summary.experiments[0]!.rows[1]!.warnings[0]!.what, /bound by the client's CPU/);
  assert.deepEqual(summary.experiments[0]!.rows[0]!.warnings, []);
});

test('a round far from the others is flagged and kept', () => {
  const times = TENFOLD.map(
    ([baselineMs, variantMs], index) => [baselineMs, index === 3 ? 90 : variantMs] as const,
  );
  const [, promiseAll] = summaryOf(times).experiments[0]!.rows;
  assert.match(promiseAll!.warnings[0]!.what, /^Round 4 lies far from the others/);
  assert.equal(promiseAll!.rounds, 6);
});

test('a run without a finished round still has a summary', () => {
  const summary = summarise([{ ...madeUpRecord([]), rounds: 6, status: 'interrupted' }], () => ({ finding }));
  assert.deepEqual(summary.experiments[0]!.rows, []);
  assert.match(terminalTable(summary.experiments[0]!), /ended after 0 of 6 rounds/);
});

test('a record that says ok and lacks rounds is not ok', () => {
  const summary = summarise([{ ...madeUpRecord(TENFOLD), samples: [] }], () => ({ finding }));
  assert.equal(summary.experiments[0]!.status, 'errored');
});

test('names with special characters are shown as text', () => {
  const hostile = summaryOf(TENFOLD, { name: '=1+1|<script>' });
  assert.match(markdownSummary(hostile), /=1\+1\\\|\\<script\\>/);
  assert.match(csvSummary(hostile), /'=1\+1\|<script>/);
});
