import postgres from 'postgres';
import type { AnswerRow, DatabaseClient } from './queries.ts';

/** So long that the last connection is open before the first is free again. */
const openingSeconds = (connections: number) => 0.02 + 0.002 * connections;

/**
 * Connections of `postgres`, all open. A query goes to a connection that is busy where none is free: its
 * queries are pipelined, and prepared once a connection.
 *
 * @param url with user and password
 * @throws what the database or the system says
 */
export async function openPostgres(url: string, connections: number): Promise<DatabaseClient> {
  const sql = postgres(url, { max: connections, onnotice() {} });
  const opened = await Promise.allSettled(
    Array.from({ length: connections }, () =>
      sql.unsafe<{ connection: number }[]>(
        `SELECT pg_backend_pid() AS connection, pg_sleep(${openingSeconds(connections)})`,
      ),
    ),
  );
  const failed = opened.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') {
    await sql.end({ timeout: 0 });
    throw failed.reason;
  }
  const processes = opened.map((each) => (each.status === 'fulfilled' ? each.value[0]!.connection : 0));
  return {
    connections: new Set(processes),
    async query(text, values) {
      const [row] = await sql.unsafe<AnswerRow[]>(text, [...values], { prepare: true });
      return row!;
    },
    cancel: () => void sql.end({ timeout: 0 }),
    close: () => sql.end(),
  };
}
