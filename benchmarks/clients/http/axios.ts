import { Agent } from 'node:http';
import type { HttpClient } from '../http-client.ts';

const library = async () => (await import('axios')).default;

/** It rejects statuses outside 200 to 299, and parses JSON by default. */
const axiosClient: HttpClient = {
  id: 'axios',
  async open(origin, connections) {
    const axios = await library();
    const httpAgent = new Agent({ keepAlive: true, maxSockets: connections });
    const client = axios.create({ baseURL: origin, httpAgent, responseType: 'text' });
    return {
      get: async (path) => (await client.get<string>(path)).data,
      close: async () => httpAgent.destroy(),
    };
  },
  getByDefault: async (url) => String((await (await library()).get(url)).data),
};

export default [axiosClient];
