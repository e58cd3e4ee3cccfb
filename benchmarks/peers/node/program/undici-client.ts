import type * as Undici from 'undici';
import { type Client, checkStatus } from './client.ts';

/** Longer than a batch of hashes, which leaves the connections idle. */
const KEEP_ALIVE_MS = 600_000;

/** The package undici, as its users write it: `request` over a pool. */
export function undiciClient({ Pool }: Pick<typeof Undici, 'Pool'>, version: string): Client {
  return {
    name: 'undici request',
    versions: { undici: version },
    settings: [
      {
        name: 'connections',
        value: 'as many as requests in flight',
        default: 'no limit',
        why: 'Without a limit, a request that comes before the last answer has freed its connection opens another.',
      },
      {
        name: 'keepAliveTimeout',
        value: `${KEEP_ALIVE_MS} ms`,
        default: '4000 ms',
        why: 'Connections are idle while hashes are computed.',
      },
    ],
    connect(origin, connections) {
      const pool = new Pool(origin, { connections, keepAliveTimeout: KEEP_ALIVE_MS });
      const request = async (method: 'GET' | 'POST', path: string, body?: string): Promise<string> => {
        const answer = await pool.request({ method, path, body: body ?? null });
        checkStatus(answer.statusCode, path);
        return answer.body.text();
      };
      return {
        get: (path) => request('GET', path),
        async post(path, text) {
          await request('POST', path, text);
        },
        close: () => pool.close(),
      };
    },
  };
}
