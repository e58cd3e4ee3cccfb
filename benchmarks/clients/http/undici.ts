import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fetch, Pool, pipeline, request, stream } from 'undici';
import { fetchText } from '../exchange.ts';
import { expectOk, type HttpClient, type OpenHttpClient } from '../http-client.ts';

/** A pool that implements `get` with one of undici's APIs. */
function openPool(
  origin: string,
  connections: number,
  get: (pool: Pool, path: string) => Promise<string>,
): OpenHttpClient {
  const pool = new Pool(origin, { connections });
  return { get: (path) => get(pool, path), close: () => pool.destroy() };
}

const undiciRequest: HttpClient = {
  id: 'undici request',
  open: (origin, connections) =>
    openPool(origin, connections, async (pool, path) => {
      const { statusCode, body } = await pool.request({ method: 'GET', path });
      expectOk(statusCode, path);
      return body.text();
    }),
  getByDefault: async (url) => (await request(url)).body.text(),
};

const undiciStream: HttpClient = {
  id: 'undici stream',
  open: (origin, connections) =>
    openPool(origin, connections, async (pool, path) => {
      const chunks: Buffer[] = [];
      await pool.stream({ method: 'GET', path }, ({ statusCode }) => {
        expectOk(statusCode, path);
        return new PassThrough().on('data', (chunk) => chunks.push(chunk));
      });
      return Buffer.concat(chunks).toString();
    }),
  async getByDefault(url) {
    const through = new PassThrough();
    const [body] = await Promise.all([text(through), stream(url, { method: 'GET' }, () => through)]);
    return body;
  },
};

const undiciPipeline: HttpClient = {
  id: 'undici pipeline',
  open: (origin, connections) =>
    openPool(origin, connections, (pool, path) =>
      text(
        pool
          .pipeline({ method: 'GET', path }, ({ statusCode, body }) => {
            expectOk(statusCode, path);
            return body;
          })
          .end(),
      ),
    ),
  getByDefault: (url) => text(pipeline(url, { method: 'GET' }, ({ body }) => body).end()),
};

const undiciDispatch: HttpClient = {
  id: 'undici dispatch',
  open: (origin, connections) => openPool(origin, connections, (pool, path) => fetchText(pool, { path })),
  getByDefault: undiciRequest.getByDefault,
};

const undiciFetch: HttpClient = {
  id: 'undici fetch',
  open: (origin, connections) =>
    openPool(origin, connections, async (pool, path) => {
      const response = await fetch(origin + path, { dispatcher: pool });
      expectOk(response.status, path);
      return response.text();
    }),
  getByDefault: async (url) => (await fetch(url)).text(),
};

export default [undiciRequest, undiciStream, undiciPipeline, undiciDispatch, undiciFetch];
