import { Pool } from 'undici';
import type { Batch, SampleTarget } from '../../harness/model.ts';

/** What a crawl asks for. */
export interface Crawl {
  /** How many requests. */
  readonly requests: number;
  /** How long the target holds each, in ms. */
  readonly delayMs: number;
  /** How many connections stand open before the first request. */
  readonly connections: number;
}

/**
 * A batch of GETs of `/delay/:ms` over keep-alive connections that are open before it returns.
 *
 * @throws when the connections cannot be opened
 */
export async function openCrawl(target: SampleTarget, crawl: Crawl): Promise<Batch> {
  const { requests, delayMs, connections } = crawl;
  const pool = new Pool(target.origin, { connections });
  const get = async (path: string) => {
    const { statusCode, body } = await pool.request({ method: 'GET', path });
    const text = await body.text();
    if (statusCode !== 200) throw new Error(`The target answered ${statusCode} to GET ${path}: ${text}`);
    return text;
  };
  // A connection that waits for its answer takes no second request, so this many at once open them all.
  await Promise.all(Array.from({ length: connections }, () => get('/delay/1')));
  const run = encodeURIComponent(target.run);
  return {
    jobs: Array.from({ length: requests }, (_, id) => ({
      id,
      send: () => get(`/delay/${delayMs}?job=${id}&run=${run}`),
    })),
    cancel: (reason) => void pool.destroy(reason).catch(() => {}),
    close: () => pool.destroy(),
  };
}
