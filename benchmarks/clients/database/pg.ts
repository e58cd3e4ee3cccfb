import type { PoolClient } from 'pg';
import type { AnswerRow, DatabaseClient } from './queries.ts';

/**
 * A pool of `pg`, with all its connections open. Further queries wait in the pool.
 *
 * @param url with user and password
 * @throws the errors of the database or the system
 */
export async function openPg(url: string, connections: number): Promise<DatabaseClient> {
  const { Pool } = (await import('pg')).default;
  const pool = new Pool({ connectionString: url, max: connections, idleTimeoutMillis: 0 });
  // The next query reports a connection that broke while idle.
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
      // During a query, `end` closes the connection at once.
      for (const client of clients as unknown as { end(): Promise<void> }[]) client.end().catch(() => {});
    },
    close: () => pool.end(),
  };
}

/** The database's process of a connection, which the types leave out. */
function processOf(client: PoolClient): number {
  return (client as unknown as { processID: number }).processID;
}
