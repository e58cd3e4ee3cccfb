import { Agent } from 'node:http';
import axios from 'axios';
import type { HttpClient } from './client.ts';

/** It rejects any status that is not from 200 to 299, and parses JSON unless told otherwise. */
export const axiosClient: HttpClient = {
  id: 'axios',
  open(origin, connections) {
    const httpAgent = new Agent({ keepAlive: true, maxSockets: connections });
    const client = axios.create({ baseURL: origin, httpAgent, responseType: 'text' });
    return {
      get: async (path) => (await client.get<string>(path)).data,
      close: async () => httpAgent.destroy(),
    };
  },
  getByDefault: async (url) => String((await axios.get(url)).data),
};
