import { Agent } from 'node:http';
import { expectOk, type HttpClient } from '../http-client.ts';

const library = async () => (await import('node-fetch')).default;

const nodeFetchPackage: HttpClient = {
  id: 'node-fetch',
  async open(origin, connections) {
    const fetch = await library();
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
  getByDefault: async (url) => (await (await library())(url)).text(),
};

export default [nodeFetchPackage];
