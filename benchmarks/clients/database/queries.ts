import type { Batch } from '../../../harness/model/job.ts';

/** A query of each job. */
export interface Query {
  /** Answers one row, as {@link AnswerRow}. */
  readonly sql: string;
  /** Its parameters. */
  values(job: number): readonly number[];
}

/** What each query answers: a result, and when the database had it by its own clock, in ms since 1970. */
export interface AnswerRow {
  readonly result: string;
  /** The process of the database that did it: one a connection. */
  readonly connection: number;
  readonly arrivedMs: number;
  readonly startedMs: number;
  readonly releasedMs: number;
}

/** Some connections to a database, all open. */
export interface DatabaseClient {
  /** Which connections stood open before the first query, by their processes. */
  readonly connections: ReadonlySet<number>;
  query(sql: string, values: readonly number[]): Promise<AnswerRow>;
  /** Makes every query under way reject. */
  cancel(): void;
  close(): Promise<void>;
}

const milliseconds = (time: string) => `(extract(epoch FROM ${time}) * 1000)::float8`;
const arrived = milliseconds('statement_timestamp()');
/** The clock is read last: a list is computed from left to right. */
const answering = (result: string) =>
  `SELECT (${result})::text AS result, pg_backend_pid() AS connection, ${arrived} AS "arrivedMs", ` +
  `${arrived} AS "startedMs", ${milliseconds('clock_timestamp()')} AS "releasedMs"`;

/** Waits, and does nothing. */
export function sleepQuery(delayMs: number): Query {
  return { sql: answering('pg_sleep($1)'), values: () => [delayMs / 1000] };
}

/** Finds one of `rows` items by its index; the rows are spread so that neighbours are not read together. */
export function readQuery(rows: number): Query {
  return {
    sql: answering('SELECT payload FROM items WHERE id = $1'),
    values: (job) => [1 + ((job * 7919) % rows)],
  };
}

/** Adds up so many numbers. */
export function computeQuery(numbers: number): Query {
  return {
    sql: answering('SELECT sum(n * n % 1009) FROM generate_series(1::bigint, $1::bigint) AS n'),
    values: () => [numbers],
  };
}

/** Changes a row that all others want to change, and keeps it for so long. */
export function contendedQuery(holdMs: number): Query {
  return {
    sql: "SELECT '' AS result, pg_backend_pid() AS connection, answer.* FROM count_slowly($1) AS answer",
    values: () => [holdMs / 1000],
  };
}

/** A batch of queries, one a job. */
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
