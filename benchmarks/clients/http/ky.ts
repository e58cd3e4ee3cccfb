import { expectOwnFetch, type HttpClient } from '../http-client.ts';

const library = async () => (await import('ky')).default;

/** It is built on Node's fetch and uses its connections. It rejects statuses outside 200 to 299. */
const kyClient: HttpClient = {
  id: 'ky',
  unlimited: true,
  async open(origin) {
    expectOwnFetch();
    const ky = await library();
    const client = ky.create({ retry: 0 });
    return {
      get: (path) => client(origin + path).text(),
      async close() {},
    };
  },
  getByDefault: async (url) => (await library())(url).text(),
};

export default [kyClient];
