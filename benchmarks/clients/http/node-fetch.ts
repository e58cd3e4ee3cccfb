import { Agent } from 'node:http';
import fetch from 'node-fetch';
import { expectOk, type HttpClient } from './client.ts';

export const nodeFetchPackage: HttpClient = {
  id: 'node-fetch',
  open(origin, connections) {
    const agent = new Agent({ keepAlive: true, maxSockets: connections });
    return {
      async get(path) {
        const response = await fetch(origin + path, { agent });
        expectOk(response.status, path);
        return response.text();
      },
      close: async () => agent.destroy(),
    };
  },
  getByDefault: async (url) => (await fetch(url)).text(),
};
