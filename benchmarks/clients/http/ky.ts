import ky from 'ky';
import { expectOwnFetch, type HttpClient } from './client.ts';

/** It stands on Node's fetch, with its connections. It rejects any status that is not from 200 to 299. */
export const kyClient: HttpClient = {
  id: 'ky',
  unlimited: true,
  open(origin) {
    expectOwnFetch();
    const client = ky.create({ retry: 0 });
    return {
      get: (path) => client(origin + path).text(),
      async close() {},
    };
  },
  getByDefault: (url) => ky(url).text(),
};
