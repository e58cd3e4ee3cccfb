/** `overlap-bench/clients`: how jobs reach a latency server. */

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
