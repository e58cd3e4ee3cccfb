/** What this process sends, seen without touching the code that sends it: by the diagnostics channels of Node and undici. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { refusalIn } from './refusal.ts';
import type { Refusal } from './steps.ts';

/** What was seen since the last `reset`; counts of what is open or in flight continue. */
export interface TrafficFigures {
  /** HTTP requests that were created. */
  readonly requests: number;
  readonly peakInFlight: number;
  readonly refused: number;
  readonly refusal: Refusal | null;
  readonly peakSockets: number;
}

/** Watches all HTTP requests and sockets of this process. */
export interface Traffic {
  read(): TrafficFigures;
  reset(): void;
  /** Called when the target refuses. */
  onRefusal: (refusal: Refusal) => void;
  /** The addresses that sockets connected to, without those of this machine. */
  readonly elsewhere: ReadonlySet<string>;
  /**
   * Runs a job.
   *
   * @returns its result, and how many of its requests were unanswered when it resolved
   */
  watch<Result>(
    job: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly unanswered: number }>;
}

/** The part of undici's request that is used here. */
interface UndiciRequest {
  readonly origin?: string | URL;
}

/** Requests of a job that have no answer yet. */
type Pending = Set<object>;

/** Starts watching; once in a process. */
export function watchTraffic(): Traffic {
  const jobs = new AsyncLocalStorage<Pending>();
  const jobOf = new WeakMap<object, Pending>();
  const inFlight = new Set<object>();
  const sockets = new Set<Socket>();
  const elsewhere = new Set<string>();
  let [requests, peakInFlight, refused, peakSockets] = [0, 0, 0, 0];
  let refusal: Refusal | null = null;

  const created = (request: object) => {
    requests += 1;
    const pending = jobs.getStore();
    if (pending === undefined) return;
    pending.add(request);
    jobOf.set(request, pending);
  };
  const sent = (request: object) => {
    inFlight.add(request);
    peakInFlight = Math.max(peakInFlight, inFlight.size);
  };
  const answered = (request: object, status: number, headerOf: (name: string) => string | undefined) => {
    jobOf.get(request)?.delete(request);
    const found = refusalIn(status, headerOf);
    if (found === null) return;
    refused += 1;
    refusal ??= found;
    traffic.onRefusal(found);
  };
  const ended = (request: object) => {
    jobOf.get(request)?.delete(request);
    inFlight.delete(request);
  };

  const on = <Message>(channel: string, look: (message: Message) => void) =>
    subscribe(channel, (message) => look(message as Message));
  on<{ request: UndiciRequest }>('undici:request:create', ({ request }) => created(request));
  on<{ request: UndiciRequest }>('undici:client:sendHeaders', ({ request }) => sent(request));
  on<{ request: UndiciRequest; response: { statusCode: number; headers: (Buffer | string)[] } }>(
    'undici:request:headers',
    ({ request, response: { statusCode, headers } }) =>
      answered(request, statusCode, (name) => rawHeader(headers, name)),
  );
  for (const channel of ['undici:request:trailers', 'undici:request:error'])
    on<{ request: UndiciRequest }>(channel, ({ request }) => ended(request));
  on<{ request: ClientRequest }>('http.client.request.created', ({ request }) => created(request));
  on<{ request: ClientRequest }>('http.client.request.start', ({ request }) => sent(request));
  on<{ request: ClientRequest; response: IncomingMessage }>(
    'http.client.response.finish',
    ({ request, response }) => {
      answered(request, response.statusCode ?? 0, (name) => response.headers[name]?.toString());
      ended(request);
    },
  );
  on<{ request: ClientRequest }>('http.client.request.error', ({ request }) => ended(request));
  on<{ socket: Socket }>('net.client.socket', ({ socket }) => {
    socket.once('connect', () => {
      sockets.add(socket);
      peakSockets = Math.max(peakSockets, sockets.size);
      if (socket.remoteAddress !== undefined && !isLoopback(socket.remoteAddress))
        elsewhere.add(socket.remoteAddress);
    });
    socket.once('close', () => sockets.delete(socket));
  });

  const traffic: Traffic = {
    elsewhere,
    onRefusal: () => {},
    read: () => ({ requests, peakInFlight, refused, refusal, peakSockets }),
    reset() {
      requests = 0;
      refused = 0;
      refusal = null;
      peakInFlight = inFlight.size;
      peakSockets = sockets.size;
    },
    async watch(job) {
      const pending: Pending = new Set();
      const result = await jobs.run(pending, job);
      return { result, unanswered: pending.size };
    },
  };
  return traffic;
}

/** A header among names and values in turn. */
function rawHeader(headers: readonly (Buffer | string)[], name: string): string | undefined {
  for (let index = 0; index + 1 < headers.length; index += 2)
    if (headers[index]!.toString().toLowerCase() === name) return headers[index + 1]!.toString();
  return undefined;
}

/** Whether an IP address is of this machine's loopback. */
export function isLoopback(address: string): boolean {
  return /^(::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/.test(address);
}
