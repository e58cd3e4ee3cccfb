import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Row } from '../../../harness/model/row.ts';
import { type BookFigures, bookTables } from '../../../harness/report/book.ts';
import type { Summary } from '../../../harness/report/summary.ts';
import { madeUpRow } from '../../fixtures/record.ts';

const book: BookFigures = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../results/book.json'), 'utf8'),
);
const summaryOf = (id: string, rows: Row[]) => ({ experiments: [{ id, rows }] }) as unknown as Summary;
const cellsOf = (table: string) =>
  table.split('\n').map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test("a crawl stands beside the book's, each with its share of the bound", () => {
  const rows = [
    madeUpRow({ variant: 'serial', medianMs: 100_500, efficiency: 0.995 }),
    madeUpRow({ variant: 'semaphore@100', medianMs: 1050, efficiency: 0.952 }),
    madeUpRow({ variant: 'aiohttp@100', peer: 'aiohttp', medianMs: 1080, efficiency: 0.926 }),
  ];
  const cells = cellsOf(bookTables(summaryOf('crawl', rows), book));
  assert.deepEqual(cells[2], [
    'one after the other: requests',
    '103 s',
    '-',
    '101 s',
    '97.4 %',
    '-',
    '99.5 %',
  ]);
  assert.deepEqual(cells[5], [
    'at most 100: aiohttp',
    '1.10 s',
    '1.08 s',
    '1.05 s',
    '90.7 %',
    '92.6 %',
    '95.2 %',
  ]);
  assert.equal(cells.length, 6);
});

test('a sweep stands beside it where both have the limit', () => {
  const rows = [50, 300, 550, 800].map((delayMs) =>
    madeUpRow({ variant: 'semaphore@101', parameters: { limit: 101, delayMs }, efficiency: 0.9 }),
  );
  const cells = cellsOf(bookTables(summaryOf('concurrency', rows), book));
  assert.deepEqual(cells[2]!.slice(0, 2), ['at most 101', '61.3 % / 90.0 %']);
  assert.equal(cells.length, 3);
});

test('hashes stand beside it as multiples of no I/O', () => {
  const row = (variant: string, medianMs: number) => madeUpRow({ variant, group: 'cost 8', medianMs });
  const rows = [
    row('no-io', 8000),
    row('serial', 68_000),
    row('batches@100', 8600),
    row('interleaved', 8120),
  ];
  const cells = cellsOf(bookTables(summaryOf('hash-and-save', rows), book));
  assert.deepEqual(cells[2], ['8', '9.37 s / 8.00 s', '7.581 / 8.500', '1.090 / 1.075', '1.043 / 1.015']);
  const [, , line] = cellsOf(bookTables(summaryOf('hash-and-save', rows.slice(0, 2)), book));
  assert.deepEqual(line!.slice(2), ['7.581 / 8.500', '1.090 / -', '1.043 / -']);
});

test('a run without these experiments has no tables', () => {
  assert.equal(bookTables(summaryOf('yielding', []), book), '');
});
