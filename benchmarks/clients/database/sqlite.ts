import type { DatabaseSync } from 'node:sqlite';
import type { Batch, ComputeSpan } from '../../../harness/model/job.ts';

/** The rows per query, enough for a query to take much longer than its scheduling. */
const ROWS_OF_QUERY = 500;

let database: Promise<DatabaseSync> | undefined;

/**
 * A batch of reads from SQLite in this process's memory. Its calls are synchronous: each is CPU work of this thread, so no
 * strategy can overlap them.
 *
 * @param rows the number of rows in the table, which is created once per process
 */
export async function openSqlite(queries: number, rows: number): Promise<Batch> {
  database ??= createDatabase(rows);
  const read = (await database).prepare(
    // With names, since Node 22.19 does not accept numbers.
    'SELECT sum(length(payload)) AS length FROM items WHERE id BETWEEN :first AND :first + :more',
  );
  const spans: ComputeSpan[] = [];
  const send = async (job: number) => {
    const fromMs = performance.now();
    const range = { first: 1 + ((job * 7919) % rows), more: ROWS_OF_QUERY - 1 };
    const row = read.get(range) as { length: number };
    spans.push({ job, fromMs, toMs: performance.now() });
    return String(row.length);
  };
  return {
    jobs: Array.from({ length: queries }, (_, id) => ({ id, send: () => send(id) })),
    cancel() {},
    async close() {},
    computeSpans: () => spans,
    evidence: () => ({ timeOriginMs: 0, requests: [], connections: { used: 0, opened: 0 } }),
  };
}

async function createDatabase(rows: number): Promise<DatabaseSync> {
  // Imported on use, since the import prints an experimental warning.
  const { DatabaseSync } = await import('node:sqlite');
  const created = new DatabaseSync(':memory:');
  created.exec(`
    CREATE TABLE items (id INTEGER PRIMARY KEY, payload TEXT NOT NULL);
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${rows})
      INSERT INTO items SELECT n, hex(n * 7919) FROM numbers;`);
  return created;
}
