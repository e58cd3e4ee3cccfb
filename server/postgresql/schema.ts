import { randomBytes } from 'node:crypto';
import type { Client } from 'pg';

/**
 * Creates the tables that queries read and write, in a separate schema: `items` with an index, `counter` with one row,
 * and a function that locks that row for a given time.
 *
 * @param rows the number of items
 * @returns the schema's name
 * @throws the errors of the database
 */
export async function createSchema(client: Client, rows: number): Promise<string> {
  const schema = `overlap_${randomBytes(6).toString('hex')}`;
  await client.query(`CREATE SCHEMA ${schema}`);
  try {
    await client.query(`
      SET search_path = ${schema};
      CREATE TABLE items AS SELECT n AS id, md5(n::text) AS payload FROM generate_series(1, ${rows}) AS n;
      ALTER TABLE items ADD PRIMARY KEY (id);
      ANALYZE items;
      CREATE TABLE counter (id integer PRIMARY KEY, value bigint NOT NULL);
      INSERT INTO counter VALUES (1, 0);
      CREATE FUNCTION count_slowly(hold_seconds float8)
        RETURNS TABLE ("arrivedMs" float8, "startedMs" float8, "releasedMs" float8)
        LANGUAGE plpgsql AS $$
        BEGIN
          "arrivedMs" := extract(epoch FROM statement_timestamp()) * 1000;
          UPDATE counter SET value = value + 1 WHERE id = 1;
          "startedMs" := extract(epoch FROM clock_timestamp()) * 1000;
          PERFORM pg_sleep(hold_seconds);
          "releasedMs" := extract(epoch FROM clock_timestamp()) * 1000;
          RETURN NEXT;
        END $$;`);
  } catch (error) {
    await dropSchema(client, schema).catch(() => {});
    throw error;
  }
  return schema;
}

/** Removes the schema with its contents. */
export async function dropSchema(client: Client, schema: string): Promise<void> {
  await client.query(`DROP SCHEMA ${schema} CASCADE`);
}
