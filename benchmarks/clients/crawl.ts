import { type Dispatcher, Pool } from 'undici';
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
  // A connection that waits for its answer takes no second request, so this many at once open them all.
  await Promise.all(Array.from({ length: connections }, () => get(pool, '/delay/1')));
  const run = encodeURIComponent(target.run);
  return {
    jobs: Array.from({ length: requests }, (_, id) => ({
      id,
      send: () => get(pool, `/delay/${delayMs}?job=${id}&run=${run}`),
    })),
    cancel: (reason) => void pool.destroy(reason).catch(() => {}),
    close: () => pool.destroy(),
  };
}

/**
 * One GET by undici's `dispatch`, which `request` and `fetch` are made of: after a wait the processor runs
 * cold, and whatever stands between a job and its socket then counts several times.
 *
 * @throws what undici says of a broken connection, or an Error where the status is not 200
 */
function get(dispatcher: Dispatcher, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let status = 0;
    const chunks: Buffer[] = [];
    dispatcher.dispatch(
      { method: 'GET', path },
      {
        onRequestStart() {},
        onResponseStart(_controller, statusCode) {
          status = statusCode;
        },
        onResponseData(_controller, chunk) {
          chunks.push(chunk);
        },
        onResponseEnd() {
          const text = Buffer.concat(chunks).toString();
          if (status === 200) resolve(text);
          else reject(new Error(`The target answered ${status} to GET ${path}: ${text}`));
        },
        onResponseError(_controller, error) {
          reject(error);
        },
      },
    );
  });
}
