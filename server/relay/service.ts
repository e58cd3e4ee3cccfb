/** The service behind the relay: sends requests to it over connections that stay open. */
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { Readable } from 'node:stream';
import { Pool } from 'undici';
import type { RelayOptions } from './options.ts';

/** A request as it goes to the service. */
export interface ServiceRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Null without a body. */
  readonly body: Readable | null;
}

/** An answer, whole. */
export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly body: Buffer;
  /** What is wrong with it, in a sentence without its full stop; null if nothing is. */
  readonly failure: string | null;
  /** Whether the service exceeded the time limit, so that this answer is ours. */
  readonly timedOut: boolean;
}

/** Sends requests. */
export interface Service {
  /** @returns the answer, or one of our own if the service gives none; never rejects */
  send(request: ServiceRequest, signal: AbortSignal): Promise<ServiceAnswer>;
  close(): Promise<void>;
}

/** Headers of one connection (RFC 9110, 7.6.1), and those that Node and undici write themselves. */
const OWN_HEADERS = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'host',
]);
/** An answer is kept whole until it is passed on. */
const MOST_ANSWER_BYTES = 64 * 1024 * 1024;
const CONNECT_LIMIT_MS = 5000;

/** @param options how many connections there may be, how long an answer may take, how many requests are allowed */
export function openService({ origin, connections, answerLimitMs, maxRequests }: RelayOptions): Service {
  const pool = new Pool(origin, {
    connections: connections ?? null,
    // Its own time limits are a second late.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxResponseSize: MOST_ANSWER_BYTES,
    allowH2: false,
  });
  let left = maxRequests ?? Number.POSITIVE_INFINITY;
  return {
    async send({ method, path, headers, body }, signal) {
      const what = `${method} ${path}`;
      if (left <= 0)
        return ownAnswer(503, `all ${maxRequests} requests of maxRequests were sent before ${what}`);
      left -= 1;
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(), answerLimitMs);
      try {
        const given = withoutOwn(headers);
        const answer = await pool.request({
          method,
          path,
          headers: given,
          body,
          signal: AbortSignal.any([signal, patience.signal]),
        });
        const { statusCode: status } = answer;
        const whole = Buffer.from(await answer.body.arrayBuffer());
        const { location } = answer.headers;
        if (status >= 300 && status < 400 && location !== undefined)
          return ownAnswer(502, `the service redirects ${what} to ${location}, and no redirect is followed`);
        const failure = status >= 400 ? `the service answered ${status} to ${what}` : null;
        return { status, headers: withoutOwn(answer.headers), body: whole, failure, timedOut: false };
      } catch (error) {
        if (!patience.signal.aborted) return brokenAnswer(what, error as NodeJS.ErrnoException);
        const failure = `the service did not answer ${what} within ${Math.ceil(answerLimitMs / 1000)} s`;
        return { ...ownAnswer(504, failure), timedOut: true };
      } finally {
        clearTimeout(timer);
      }
    },
    close: () => pool.destroy(),
  };
}

/** Whether something listens at the service's address. @throws one sentence if nothing does */
export function checkListening(origin: string): Promise<void> {
  const { protocol, hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ host, port: Number(port) || (protocol === 'https:' ? 443 : 80) });
  return new Promise((resolve, reject) => {
    const refuse = (reason: string) => {
      socket.destroy();
      reject(new Error(`The service at ${origin} cannot be reached (${reason}); start it first.`));
    };
    socket.setTimeout(CONNECT_LIMIT_MS, () => refuse(`no connection within ${CONNECT_LIMIT_MS / 1000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) => refuse(error.code ?? error.message));
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}

function brokenAnswer(what: string, { code, message }: NodeJS.ErrnoException): ServiceAnswer {
  // If every address refuses the connection, Node leaves the message empty.
  return ownAnswer(502, `the service gave no answer to ${what} (${message || code})`);
}

function ownAnswer(status: number, failure: string): ServiceAnswer {
  const body = Buffer.from(`${failure[0]!.toUpperCase()}${failure.slice(1)}.`);
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body, failure, timedOut: false };
}

function withoutOwn(headers: IncomingHttpHeaders): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !OWN_HEADERS.has(name)) kept[name] = value;
  }
  return kept;
}
