import { Agent } from 'node:http';
import { promisify } from 'node:util';
import { expectOk, expectOwnFetch, type HttpClient, type OpenHttpClient } from '../http-client.ts';
import { getText } from '../node-http-crawl.ts';

/** Node's fetch. Its connections belong to the process and can be neither limited nor closed. */
const nodeFetch: HttpClient = {
  id: 'fetch of Node',
  unlimited: true,
  open(origin) {
    expectOwnFetch();
    return {
      async get(path) {
        const response = await fetch(origin + path);
        expectOk(response.status, path);
        return response.text();
      },
      async close() {},
    };
  },
  getByDefault: async (url) => (await fetch(url)).text(),
};

const getOver = promisify(getText) as (url: string, agent: Agent | undefined) => Promise<string>;

function openAgent(origin: string, agent: Agent): OpenHttpClient {
  return {
    get: (path) => getOver(origin + path, agent),
    close: async () => agent.destroy(),
  };
}

export const nodeHttp: HttpClient = {
  id: 'node:http',
  open: (origin, connections) => openAgent(origin, new Agent({ keepAlive: true, maxSockets: connections })),
  getByDefault: (url) => getOver(url, undefined),
};

/** A new agent does not keep connections unless keepAlive or a number of sockets is set. */
export const nodeHttpClosing: HttpClient = {
  id: 'node:http, closing',
  closes: true,
  open: (origin) => openAgent(origin, new Agent()),
  getByDefault: (url) => getOver(url, new Agent()),
};

export default [nodeFetch, nodeHttp, nodeHttpClosing];
