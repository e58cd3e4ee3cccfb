import { type Dispatcher, Pool } from 'undici';
import type { Callback } from '../../harness/model/job.ts';
import type { SampleTarget } from '../../harness/model/target.ts';

/** One request; GET without a body where not said otherwise. */
export interface Request {
  readonly path: string;
  readonly body?: string;
  /** False lets HTTP/1.1 send further requests on the connection before this one's answer. */
  readonly blocking?: boolean;
}

/** An answer of any status. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  /** The value of Retry-After in s; null where there is none. */
  readonly retryAfterSeconds: number | null;
}

/**
 * One request by undici's `dispatch`, which `request` and `fetch` are made of: after a wait the processor runs
 * cold, and whatever stands between a job and its socket then counts several times.
 *
 * @param done gets what undici says of a broken connection, or the answer
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

/** As {@link exchange}, and anything but status 200 is an error. */
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
 * @throws what undici says of a broken connection, or an Error where the status is not 200
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

/**
 * A pool with all its connections open.
 *
 * @param path what is asked for to open them; the target counts that for no sample
 * @throws when they cannot be opened
 */
export async function openPool(target: SampleTarget, connections: number, path?: string): Promise<Pool> {
  const pool = new Pool(target.origin, { connections, ...connectionOptions(target) });
  await openConnections(pool, connections, path);
  return pool;
}

/**
 * A connection that waits for its answer takes no second request, so that this many at once open them all. Where that
 * fails, none is left open.
 */
export async function openConnections(
  dispatcher: Dispatcher,
  connections: number,
  path = '/delay/1',
): Promise<void> {
  try {
    await Promise.all(Array.from({ length: connections }, () => fetchText(dispatcher, { path })));
  } catch (error) {
    await dispatcher.destroy();
    throw error;
  }
}

/** undici's options for a connection to a target: trust its certificate, and speak HTTP/1.1 unless told otherwise. */
export function connectionOptions({ certificate }: SampleTarget, allowH2 = false) {
  return certificate === null ? { allowH2 } : { allowH2, connect: { ca: certificate } };
}
