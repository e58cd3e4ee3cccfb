import { openAtOnce } from '../opening.ts';
import type { AnswerRow, DatabaseClient } from './queries.ts';

/**
 * Connections of `postgres`, all open. If no connection is free, a query is pipelined on a busy one. Queries are prepared
 * once per connection.
 *
 * @param url with user and password
 * @throws the errors of the database or the system
 */
export async function openPostgres(url: string, connections: number): Promise<DatabaseClient> {
  const { default: postgres } = await import('postgres');
  const sql = postgres(url, { max: connections, onnotice() {} });
  const open = async (holdMs: number) => {
    const query = `SELECT pg_backend_pid() AS connection, pg_sleep(${holdMs / 1000})`;
    const [row] = await sql.unsafe<{ connection: number }[]>(query);
    return row!.connection;
  };
  const processes = await openAtOnce(connections, open).catch(async (error) => {
    await sql.end({ timeout: 0 });
    throw error;
  });
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
