import { type Dispatcher, Pool } from 'undici';
import type { Callback } from '../../harness/model/job.ts';
import type { SampleTarget } from '../../harness/model/target.ts';

/** One request; by default a GET without a body. */
export interface Request {
  readonly path: string;
  readonly body?: string;
  /** False lets HTTP/1.1 pipeline further requests before this one's answer. */
  readonly blocking?: boolean;
}

/** An answer with any status. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The value of Retry-After in s, or null. */
  readonly retryAfterSeconds: number | null;
}

/**
 * Sends one request with undici's `dispatch`, the basis of its `request` and `fetch`. After a wait the CPU caches are
 * cold, so each layer between a job and its socket costs several times as much.
 *
 * @param done gets undici's error for a broken connection, or the answer
 */
export function exchange(dispatcher: Dispatcher, request: Request, done: Callback<Answer>): void {
  const { path, body, blocking } = request;
  let status = 0;
  let retryAfterSeconds: number | null = null;
  const chunks: Buffer[] = [];
  dispatcher.dispatch(
    {
      method: body === undefined ? 'GET' : 'POST',
      path,
      ...(body === undefined ? {} : { body }),
      ...(blocking === undefined ? {} : { blocking }),
    },
    {
      onRequestStart() {},
      onResponseStart(_controller, statusCode, headers) {
        status = statusCode;
        if ('retry-after' in headers) retryAfterSeconds = Number(headers['retry-after']);
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        done(null, { status, text: Buffer.concat(chunks).toString(), retryAfterSeconds });
      },
      onResponseError(_controller, error) {
        done(error);
      },
    },
  );
}

/** As {@link exchange}, but every status other than 200 is an error. */
export function exchangeOk(dispatcher: Dispatcher, request: Request, done: Callback<string>): void {
  exchange(dispatcher, request, (error, answer) => {
    if (answer?.status === 200) return done(null, answer.text);
    const method = request.body === undefined ? 'GET' : 'POST';
    const refused = `The target answered ${answer?.status} to ${method} ${request.path}: ${answer?.text}`;
    done(error ?? new Error(refused));
  });
}

/**
 * As {@link exchangeOk}, as a promise.
 *
 * @throws undici's error for a broken connection, or an Error if the status is not 200
 */
export function fetchText(dispatcher: Dispatcher, request: Request): Promise<string> {
  return new Promise((resolve, reject) => {
    exchangeOk(dispatcher, request, (error, text) => (error === null ? resolve(text!) : reject(error)));
  });
}

/** The path of a job's request, which names the job and its sample. */
export function jobPath(target: SampleTarget, delayMs: number, job: number): string {
  return `/delay/${delayMs}?job=${job}&run=${encodeURIComponent(target.run)}`;
}

/** A pool that opens its connections when it needs them. */
export function createPool(target: SampleTarget, connections: number): Pool {
  return new Pool(target.origin, { connections, ...connectionOptions(target) });
}

/**
 * A pool with all its connections open.
 *
 * @param path the path of the requests that open them, which belong to no sample
 * @throws if they cannot be opened
 */
export async function openPool(target: SampleTarget, connections: number, path?: string): Promise<Pool> {
  const pool = createPool(target, connections);
  await openConnections(new Array(connections).fill(pool), path);
  return pool;
}

/**
 * Opens all connections with one request each, all at once, since a waiting connection takes no second request. If that
 * fails, all are closed.
 *
 * @param dispatchers the dispatcher of each connection; a pool stands there once for each of its connections
 */
export async function openConnections(dispatchers: readonly Dispatcher[], path = '/delay/1'): Promise<void> {
  try {
    await Promise.all(dispatchers.map((dispatcher) => fetchText(dispatcher, { path })));
  } catch (error) {
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()));
    throw error;
  }
}

/** undici's options for a connection to a target: trust its certificate, and use HTTP/1.1 by default. */
export function connectionOptions({ certificate }: SampleTarget, allowH2 = false) {
  return certificate === null ? { allowH2 } : { allowH2, connect: { ca: certificate } };
}
