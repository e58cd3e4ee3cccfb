import type { PoolClient } from 'pg';
import type { AnswerRow, DatabaseClient } from './queries.ts';

/**
 * A pool of `pg`, with all its connections open. Queries beyond them wait in the pool.
 *
 * @param url with user and password
 * @throws what the database or the system says
 */
export async function openPg(url: string, connections: number): Promise<DatabaseClient> {
  const { Pool } = (await import('pg')).default;
  const pool = new Pool({ connectionString: url, max: connections, idleTimeoutMillis: 0 });
  // A connection that breaks while it is idle is found by the next query.
  pool.on('error', () => {});
  const opened = await Promise.allSettled(Array.from({ length: connections }, () => pool.connect()));
  const clients = opened.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  for (const client of clients) client.release();
  const failed = opened.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') {
    await pool.end();
    throw failed.reason;
  }
  return {
    connections: new Set(clients.map(processOf)),
    async query(sql, values) {
      const { rows } = await pool.query<AnswerRow>(sql, [...values]);
      return rows[0]!;
    },
    cancel() {
      // It cuts the connection where a query is under way.
      for (const client of clients as unknown as { end(): Promise<void> }[]) client.end().catch(() => {});
    },
    close: () => pool.end(),
  };
}

/** The database's process behind a connection, which the types do not mention. */
function processOf(client: PoolClient): number {
  return (client as unknown as { processID: number }).processID;
}
