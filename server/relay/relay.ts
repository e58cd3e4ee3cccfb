import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createBaseRequests } from '../latency/base.ts';
import { createConnections } from '../latency/connections.ts';
import { createObservations } from '../latency/observations.ts';
import { checkService, type RelayOptions } from './options.ts';
import { createOutcomes } from './outcomes.ts';
import { readRelayed } from './relayed-request.ts';
import { checkListening, openService, type ServiceAnswer } from './service.ts';

/** Longer than any pause between two requests. */
const KEEP_ALIVE_MS = 600_000;
/** The number of connections that may wait to be accepted; with fewer, bursts lose SYNs, which clients resend after 1 s. */
const BACKLOG = 4096;

/** A listening relay. */
export interface Relay {
  readonly origin: string;
  close(): Promise<void>;
}

/**
 * Starts a relay on the loopback address. It passes each request on to the service and its answer back, and sees what a
 * latency server sees. `GET /stats`, `DELETE /stats` and `GET /trace` are those of the latency server; the trace has a
 * `failure` if the service failed a job. `GET /open` opens a connection, and is not passed on.
 *
 * @throws one sentence if the options are wrong, or nothing listens at the service's address
 */
export async function startRelay(options: RelayOptions): Promise<Relay> {
  checkService(options);
  await checkListening(options.origin);
  const service = openService(options);
  const connections = createConnections(false);
  const observations = createObservations();
  const outcomes = createOutcomes();
  const arrivals = createBaseRequests();
  /** The service did not answer in time: the rest of the sample is not sent, or it would take that time again and again. */
  let hung: ServiceAnswer | null = null;

  const relay = async (request: IncomingMessage, response: ServerResponse) => {
    const asked = readRelayed(request.url ?? '/');
    if (asked === null) return sendText(response, 404, `There is no ${request.method} ${request.url} here.`);
    const { run, path } = asked;
    const job = asked.job ?? arrivals.read({ run, ms: 0 }).query.job!;
    const seen = observations.arrived(job, run, connections.of(request.socket));
    observations.started(seen);
    const left = new AbortController();
    response.once('close', () => left.abort());
    const { method = 'GET', headers } = request;
    const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0;
    const passedOn = { method, path, headers, body: hasBody ? request : null };
    const answer = hung ?? (await service.send(passedOn, left.signal));
    if (answer.timedOut) hung = answer;
    if (left.signal.aborted) return observations.aborted(seen);
    outcomes.note(job, answer.failure);
    const atMs = performance.now();
    sendAnswer(response, method, answer);
    observations.released(seen, atMs, null);
  };

  const told: Readonly<Record<string, () => object | undefined>> = {
    'GET /stats': () => observations.stats({ opened: connections.opened(), open: connections.open() }, 0),
    'GET /trace': () => ({ ...observations.trace(), failure: outcomes.failure() }),
    'GET /open': () => ({}),
    'DELETE /stats': () => {
      observations.reset();
      outcomes.clear();
      hung = null;
      arrivals.reset();
      connections.forget();
      return undefined;
    },
  };
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    const tell = told[`${request.method} ${request.url}`];
    if (tell === undefined) return void relay(request, response);
    const body = tell();
    if (body === undefined) response.writeHead(204).end();
    else sendText(response, 200, JSON.stringify(body), 'application/json');
  });
  server.on('connection', connections.add);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0, backlog: BACKLOG }, resolve);
  });
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await service.close();
      await closed;
    },
  };
}

function sendText(response: ServerResponse, status: number, text: string, type = 'text/plain'): void {
  response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(text) }).end(text);
}

/** Passes an answer on; its length is stated, unless it has no body by its nature (RFC 9110, 6.4.1). */
function sendAnswer(
  response: ServerResponse,
  method: string,
  { status, headers, body }: ServiceAnswer,
): void {
  const isBare = method === 'HEAD' || status === 204 || status === 304;
  response.writeHead(status, isBare ? headers : { ...headers, 'content-length': body.length });
  response.end(isBare ? undefined : body);
}
