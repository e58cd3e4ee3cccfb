import { Agent } from 'node:http';
import got from 'got';
import type { HttpClient } from './client.ts';

/** It rejects any status that is not from 200 to 299. */
export const gotClient: HttpClient = {
  id: 'got',
  open(origin, connections) {
    const http = new Agent({ keepAlive: true, maxSockets: connections });
    const client = got.extend({ agent: { http }, retry: { limit: 0 } });
    return {
      get: (path) => client(origin + path).text(),
      close: async () => http.destroy(),
    };
  },
  getByDefault: (url) => got(url).text(),
};
