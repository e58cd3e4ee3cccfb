import { Agent } from 'node:http';
import type { HttpClient } from '../http-client.ts';

const library = async () => (await import('got')).default;

/** It rejects statuses outside 200 to 299. */
export const gotClient: HttpClient = {
  id: 'got',
  async open(origin, connections) {
    const got = await library();
    const http = new Agent({ keepAlive: true, maxSockets: connections });
    const client = got.extend({ agent: { http }, retry: { limit: 0 } });
    return {
      get: (path) => client(origin + path).text(),
      close: async () => http.destroy(),
    };
  },
  getByDefault: async (url) => (await library())(url).text(),
};

export default [gotClient];
