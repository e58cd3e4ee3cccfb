/** Jobs that send a request to an address: one connection for each slot, no redirects, HTTP/1.1. */
import type { Socket } from 'node:net';
import { buildConnector, Client, type Dispatcher } from 'undici';
import {
  failureOf,
  type JobSource,
  type Outcome,
  type Work,
  WorkError,
  whyUnreachable,
} from './job-source.ts';
import { refusalIn } from './refusal.ts';
import type { Refusal } from './steps.ts';

type HttpWork = Extract<Work, { kind: 'http' }>;

const CONNECT_LIMIT_MS = 10_000;
/** The address is left alone if its first answer is one of these. */
const LEAST_REDIRECT = 300;
const LEAST_ERROR = 400;

/** What names this tool to servers. */
export function userAgent(version: string): string {
  return `overlap-bench/${version} (tune: searches for a limit of concurrency)`;
}

/**
 * Opens an address and sends one request.
 *
 * @throws WorkError if it cannot be reached, redirects, or does not answer with success
 */
export async function openHttpJobs(work: HttpWork, signal: AbortSignal): Promise<JobSource> {
  const url = new URL(work.url);
  const connector = buildConnector({ timeout: CONNECT_LIMIT_MS, allowH2: false });
  const clients: Client[] = [];
  /** Connections that were opened before their first request. */
  const opened = new Map<number, Socket>();

  const connect = (): Promise<Socket> =>
    new Promise((resolve, reject) => {
      const { protocol, hostname, port, host } = url;
      connector({ protocol, hostname: hostname.replace(/^\[|\]$/g, ''), port, host }, (error, socket) =>
        error === null && socket !== null ? resolve(socket) : reject(error),
      );
    });
  const clientOf = (slot: number): Client => {
    clients[slot] ??= new Client(url.origin, {
      pipelining: 1,
      allowH2: false,
      bodyTimeout: 0,
      headersTimeout: 0,
      connect(options, callback) {
        const socket = opened.get(slot);
        opened.delete(slot);
        if (socket === undefined || socket.destroyed) connector(options, callback);
        else process.nextTick(callback, null, socket);
      },
    });
    return clients[slot];
  };
  const request: Dispatcher.DispatchOptions = {
    path: `${url.pathname}${url.search}`,
    method: work.method as Dispatcher.HttpMethod,
    headers: { ...work.headers },
    body: work.body,
  };
  const run = (slot: number, stop: AbortSignal) => sendRequest(clientOf(slot), request, stop);
  const close = async () => {
    for (const socket of opened.values()) socket.destroy();
    await Promise.all(clients.map((client) => client.destroy()));
  };

  try {
    const { status, location } = await run(0, signal);
    refuseToStart(work, status, location);
  } catch (error) {
    await close();
    if (error instanceof WorkError) throw error;
    const reason = failureOf(error);
    throw new WorkError(
      whyUnreachable(error, url.origin) ??
        `${work.url} does not answer: ${reason.kind === 'failed' ? reason.why : ''}.`,
    );
  }
  return {
    close,
    async warm(limit) {
      const lacking = Array.from({ length: limit }, (_, slot) => slot).filter(
        (slot) => clients[slot]?.stats.connected !== true && !opened.has(slot),
      );
      const tried = await Promise.allSettled(lacking.map(connect));
      for (const [index, slot] of lacking.entries()) {
        const one = tried[index]!;
        if (one.status === 'rejected') continue;
        opened.set(slot, one.value);
        // An idle connection that breaks is opened again by its request.
        one.value.on('error', () => {});
      }
      const failed = tried.find(({ status }) => status === 'rejected');
      return failed?.status === 'rejected' ? failureOf(failed.reason) : { kind: 'ok' };
    },
    async run(slot, stop): Promise<Outcome> {
      try {
        const { status, refusal } = await run(slot, stop);
        if (refusal !== null) return { kind: 'refused', why: `it answered ${status}`, refusal };
        if (status < LEAST_REDIRECT) return { kind: 'ok' };
        return { kind: 'failed', why: `it answered ${status}` };
      } catch (error) {
        return failureOf(error);
      }
    },
  };
}

function refuseToStart({ url }: HttpWork, status: number, location: string | undefined): void {
  if (status < LEAST_REDIRECT) return;
  if (status < LEAST_ERROR && location !== undefined) {
    const there = URL.parse(location, url)?.href ?? location;
    throw new WorkError(`${url} redirects to ${there}; give that address, since tune follows no redirect.`);
  }
  throw new WorkError(`${url} answers ${status} to a single request; tune needs one that succeeds.`);
}

interface HttpAnswer {
  readonly status: number;
  readonly location: string | undefined;
  readonly refusal: Refusal | null;
}

/** Sends a request and reads its whole answer. */
function sendRequest(
  client: Client,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let answer: HttpAnswer = { status: 0, location: undefined, refusal: null };
    let abort = () => {};
    client.dispatch(request, {
      onRequestStart(controller) {
        if (signal.aborted) return controller.abort(signal.reason);
        abort = () => controller.abort(signal.reason);
        signal.addEventListener('abort', abort, { once: true });
      },
      onResponseStart(_controller, status, headers) {
        const headerOf = (name: string) => headers[name]?.toString();
        answer = { status, location: headerOf('location'), refusal: refusalIn(status, headerOf) };
      },
      onResponseData() {},
      onResponseEnd() {
        signal.removeEventListener('abort', abort);
        resolve(answer);
      },
      onResponseError(_controller, error) {
        signal.removeEventListener('abort', abort);
        reject(error);
      },
    });
  });
}
