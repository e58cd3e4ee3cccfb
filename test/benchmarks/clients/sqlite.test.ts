import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSqlite } from '../../../benchmarks/clients/database/sqlite.ts';

test('each job reads its own 500 rows of SQLite, synchronously', async () => {
  const { jobs, computeSpans } = await openSqlite(3, 2000);
  const results = await Promise.all(jobs.map((job) => job.send()));
  // hex() writes two digits for each of the number's.
  const lengthOf = (id: number) => 2 * String(id * 7919).length;
  const expected = [1, 1920, 1839].map((first) =>
    Array.from({ length: Math.min(500, 2001 - first) }, (_, row) => lengthOf(first + row)).reduce(
      (sum, length) => sum + length,
    ),
  );
  assert.deepEqual(results, expected.map(String));
  assert.equal(computeSpans?.().length, 3);
});
