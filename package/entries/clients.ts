/** `overlap-bench/clients`: how jobs reach a latency server or a PostgreSQL. */

export { openPg } from '../../benchmarks/clients/database/pg.ts';
export type { AnswerRow, DatabaseClient, Query } from '../../benchmarks/clients/database/queries.ts';
export {
  computeQuery,
  contendedQuery,
  queryBatch,
  readQuery,
  sleepQuery,
} from '../../benchmarks/clients/database/queries.ts';

export type { Answer, Request } from '../../benchmarks/clients/exchange.ts';
export {
  connectionOptions,
  exchange,
  fetchText,
  jobPath,
  openConnections,
  openPool,
} from '../../benchmarks/clients/exchange.ts';
export { openAtOnce } from '../../benchmarks/clients/opening.ts';
export type { Crawl } from '../../benchmarks/clients/undici-crawl.ts';
export { openCrawl } from '../../benchmarks/clients/undici-crawl.ts';
