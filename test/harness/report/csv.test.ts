import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRecord } from '../../../harness/record/schema.ts';
import { exporterOf, findExportFormats } from '../../../harness/report/export-formats.ts';
import { summarise } from '../../../harness/report/summary.ts';
import { csvSummary } from '../../../harness/report/table.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';
import { wholeRun } from '../../fixtures/whole-record.ts';

/** Parses CSV as RFC 4180 has it. */
function parseCsv(text: string): string[][] {
  const lines: string[][] = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\n]*)(,|\n|$)/gy;
  for (let match = cell.exec(text); match !== null && match.index < text.length; match = cell.exec(text)) {
    const [, raw, end] = match;
    lines.at(-1)!.push(raw!.startsWith('"') ? raw!.slice(1, -1).replaceAll('""', '"') : raw!);
    if (end === '\n') lines.push([]);
    assert.notEqual(cell.lastIndex, match.index);
  }
  assert.deepEqual(lines.pop(), []);
  return lines;
}

const summaryOf = (records: readonly RunRecord[]) => summarise(records, () => undefined);

/** The lines of the CSV as objects, by its headings. */
function linesOf(records: readonly RunRecord[]): Record<string, string>[] {
  const [headings, ...lines] = parseCsv(csvSummary(summaryOf(records)));
  for (const line of lines) assert.equal(line.length, headings!.length);
  assert.equal(new Set(headings).size, headings!.length);
  return lines.map((line) => Object.fromEntries(line.map((cell, index) => [headings![index]!, cell])));
}

test('each row of the summary is a line of the CSV, cell by cell, with numbers as they are', () => {
  const run = wholeRun();
  const lines = linesOf(run);
  const rows = summaryOf(run).experiments.flatMap(({ id, rows }) => rows.map((row) => ({ id, ...row })));
  assert.equal(rows.length, 7);
  const text = (value: unknown) => (value === null || value === undefined ? '' : String(value));
  const metrics = [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))];
  assert.ok(metrics.includes('heapBytes') && metrics.includes('cpuMs'));
  for (const [index, row] of rows.entries())
    assert.deepEqual(lines[index], {
      experiment: row.id,
      group: row.group,
      variant: row.variant,
      baseline: String(row.baseline),
      sameWork: String(row.sameWork),
      peer: String(row.peer !== null),
      rounds: text(row.rounds),
      medianMs: text(row.medianMs),
      boundMs: text(row.boundMs),
      efficiency: text(row.efficiency),
      speedup: text(row.speedup.value),
      speedupLow: text(row.speedup.low),
      speedupHigh: text(row.speedup.high),
      nearest: text(row.nearest?.variant),
      nearestSpeedup: text(row.nearest?.speedup.value),
      nearestSpeedupLow: text(row.nearest?.speedup.low),
      nearestSpeedupHigh: text(row.nearest?.speedup.high),
      requests: text(row.target.requests),
      peakInFlight: text(row.target.peakInFlight),
      connections: text(row.target.connections),
      ...Object.fromEntries(metrics.map((name) => [name, text(row.metrics[name])])),
    });
});

test('a name with commas, quotes or line ends is one cell, and one that looks like a formula is text', () => {
  const names = ['a,b', 'say "hi"', 'two\nlines', 'semaphore@100', '@sum', '=1+1', '+1', '-1'];
  const variants = names.map((name) => linesOf([madeUpRecord(TENFOLD, { name })])[1]!.variant);
  assert.deepEqual(variants, [...names.slice(0, 4), "'@sum", "'=1+1", "'+1", "'-1"]);
});

test('a run without rows has headings alone, or nothing', () => {
  assert.deepEqual(linesOf([madeUpRecord([])]), []);
});

test('the export format is the same text', async () => {
  const exported = exporterOf(await findExportFormats(), 'csv')!;
  assert.equal(exported(summaryOf(wholeRun()), wholeRun()), csvSummary(summaryOf(wholeRun())));
});
