import type { Batch } from '../../../harness/model/job.ts';

/** The query of each job. */
export interface Query {
  /** Returns one row, as {@link AnswerRow}. */
  readonly sql: string;
  /** Its parameters. */
  values(job: number): readonly number[];
}

/** The row of each query: a result, and the times on the database's clock, in ms since 1970. */
export interface AnswerRow {
  readonly result: string;
  /** The id of the database's process, which is the same for all queries of a connection. */
  readonly connection: number;
  readonly arrivedMs: number;
  readonly startedMs: number;
  readonly releasedMs: number;
}

/** Open connections to a database. */
export interface DatabaseClient {
  /** The connections that were open before the first query, by their processes. */
  readonly connections: ReadonlySet<number>;
  query(sql: string, values: readonly number[]): Promise<AnswerRow>;
  /** Makes every running query reject. */
  cancel(): void;
  close(): Promise<void>;
}

const milliseconds = (time: string) => `(extract(epoch FROM ${time}) * 1000)::float8`;
const arrived = milliseconds('statement_timestamp()');
/** Reads the clock last, since SQL evaluates the list from left to right. */
const answering = (result: string) =>
  `SELECT (${result})::text AS result, pg_backend_pid() AS connection, ${arrived} AS "arrivedMs", ` +
  `${arrived} AS "startedMs", ${milliseconds('clock_timestamp()')} AS "releasedMs"`;

/** A query that only waits. */
export function sleepQuery(delayMs: number): Query {
  return { sql: answering('pg_sleep($1)'), values: () => [delayMs / 1000] };
}

/** Finds one of `rows` items by its index; consecutive jobs read distant rows. */
export function readQuery(rows: number): Query {
  return {
    sql: answering('SELECT payload FROM items WHERE id = $1'),
    values: (job) => [1 + ((job * 7919) % rows)],
  };
}

/** Adds up this many numbers. */
export function computeQuery(numbers: number): Query {
  return {
    sql: answering('SELECT sum(n * n % 1009) FROM generate_series(1::bigint, $1::bigint) AS n'),
    values: () => [numbers],
  };
}

/** Updates the row that all queries update, and holds its lock for `holdMs`. */
export function contendedQuery(holdMs: number): Query {
  return {
    sql: "SELECT '' AS result, pg_backend_pid() AS connection, answer.* FROM count_slowly($1) AS answer",
    values: () => [holdMs / 1000],
  };
}

/** A batch of queries, one per job. */
export function queryBatch(client: DatabaseClient, query: Query, queries: number): Batch {
  const rows: AnswerRow[] = [];
  const send = async (job: number) => {
    const row = await client.query(query.sql, query.values(job));
    rows[job] = row;
    return row.result;
  };
  return {
    jobs: Array.from({ length: queries }, (_, id) => ({ id, send: () => send(id) })),
    cancel: () => client.cancel(),
    close: () => client.close(),
    evidence() {
      const used = new Set(rows.map(({ connection }) => connection));
      return {
        timeOriginMs: 0,
        requests: rows.map(({ arrivedMs, startedMs, releasedMs }, job) => ({
          job,
          arrivedMs,
          startedMs,
          releasedMs,
        })),
        connections: { used: used.size, opened: used.difference(client.connections).size },
      };
    },
  };
}
