import { Agent, get } from 'node:http';
import { promisify } from 'node:util';
import { getText } from '../node-http.ts';
import { expectOk, expectOwnFetch, type HttpClient, type OpenHttpClient } from './client.ts';

/** Node's own, whose connections are the process's: nothing limits them, and nobody can close them. */
export const nodeFetch: HttpClient = {
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

function openAgent(origin: string, agent: Agent): OpenHttpClient {
  const getPath = promisify((path: string, done: Parameters<typeof getText>[2]) =>
    getText(origin + path, agent, done),
  );
  return {
    get: getPath as (path: string) => Promise<string>,
    close: async () => agent.destroy(),
  };
}

const getByDefault = (url: string) =>
  new Promise<string>((resolve, reject) => {
    get(url, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve(body));
      response.on('error', reject);
    }).on('error', reject);
  });

export const nodeHttp: HttpClient = {
  id: 'node:http',
  open: (origin, connections) => openAgent(origin, new Agent({ keepAlive: true, maxSockets: connections })),
  getByDefault,
};

/** An agent of one's own keeps nothing unless it is told to, or how many sockets it may have. */
export const nodeHttpClosing: HttpClient = {
  id: 'node:http, closing',
  closes: true,
  open: (origin) => openAgent(origin, new Agent()),
  getByDefault: (url) => {
    const agent = new Agent();
    return promisify(getText)(url, agent) as Promise<string>;
  },
};
