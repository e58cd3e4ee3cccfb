import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Static } from 'typebox';
import { createReplyExchange } from './answers.ts';
import { createBaseRequests } from './base.ts';
import { type Connections, createConnections } from './connections.ts';
import { createDelayRoute, type DelayRequest, type DelayRoute } from './delay.ts';
import { openFileWarning } from './limits.ts';
import { type Lookup, listenEverywhere } from './listeners.ts';
import { createObservations } from './observations.ts';
import { pageForPeople } from './page.ts';
import {
  BasePath,
  DelayPath,
  DelayQuery,
  MAX_BODY_BYTES,
  MAX_RUN_LENGTH,
  ServerOptions,
} from './parameters.ts';
import { createPlainConnections } from './plain-connections.ts';
import { compileValidator, createReader } from './validation.ts';
import { VERSION } from './version.ts';

/** The keep-alive timeout, longer than any pause between two requests. */
const KEEP_ALIVE_MS = 600_000;
/** The time limit for receiving a request, so that a client that stops halfway does not keep its connection. */
const REQUEST_TIMEOUT_MS = 60_000;
/** The default time that closing waits for held requests. */
const GRACE_MS = 5000;
/** The time limit for connections to end after they were asked to. */
const FAREWELL_MS = 200;

type DelayFastifyRequest = FastifyRequest<{ Params: { ms: number }; Querystring: DelayQuery }>;

/** A listening server. */
export interface RunningServer {
  /** As in `http://127.0.0.1:4000`. */
  readonly origin: string;
  readonly port: number;
  /** PEM; null without TLS. */
  readonly certificate: string | null;
  /** Warnings for the user, one sentence each. */
  readonly warnings: readonly string[];
  /** Stops listening, answers held requests within the grace period, then resets the remaining connections. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Starts the latency server.
 *
 * @param given all options are optional, and numbers may be text, as on a command line; by default the system picks the
 *   port, and the host is the loopback address
 * @param find looks up the addresses of the host, at each of which it listens; by default the system's lookup
 * @throws ParameterError if an option is wrong; the errors of listening, for example if the port is taken
 */
export async function startServer(
  given: ServerOptions | Readonly<Record<string, string | undefined>> = {},
  find?: Lookup,
): Promise<RunningServer> {
  const options = readOptions(given);
  const { port = 0, host = '127.0.0.1', protocol = 'http', ...settings } = options;
  // What makes a certificate is loaded only where one is needed.
  const credentials =
    protocol === 'http' ? null : await (await import('./certificate.ts')).createCredentials();
  const app = createApp(protocol, credentials);
  const connections = createConnections(protocol !== 'http');
  const observations = createObservations();
  const delay = createDelayRoute(options, observations);
  const faulty = settings.fault || delay.scheduler?.trace().steps.some(({ fault }) => fault);
  if (protocol === 'http' && !faulty) acceptPlainRequests(app, connections, delay);
  else app.server.on('connection', connections.add);
  const schema = { params: DelayPath, querystring: DelayQuery };
  const treat = (asked: DelayRequest, { body, raw }: FastifyRequest, reply: FastifyReply) => {
    const exchange = createReplyExchange(reply, connections.of(raw.socket));
    delay({ ...asked, ...(Buffer.isBuffer(body) ? { body } : {}) }, exchange);
  };
  const route = (request: DelayFastifyRequest, reply: FastifyReply) =>
    treat({ ...request.params, query: request.query }, request as FastifyRequest, reply);
  const base = createBaseRequests();

  app.get('/delay/:ms', { schema }, route);
  app.post('/delay/:ms', { schema }, route);
  app.all<{ Params: Static<typeof BasePath> }>(
    '/base/:run/:ms/*',
    { schema: { params: BasePath } },
    (request, reply) => treat(base.read(request.params), request as FastifyRequest, reply),
  );
  const stats = () =>
    observations.stats({ opened: connections.opened(), open: connections.open() }, delay.queued());
  app.get('/stats', async () => ({
    ...{ version: VERSION, settings, ...stats() },
    schedule: delay.scheduler?.now() ?? null,
  }));
  app.delete('/stats', async (_request, reply) => {
    observations.reset();
    delay.scheduler?.reset();
    base.reset();
    connections.forget();
    return reply.code(204).send();
  });
  app.get('/trace', async () => ({
    ...observations.trace(),
    schedule: delay.scheduler?.trace() ?? null,
  }));
  app.get('/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(pageForPeople()));

  const listeners = await listenEverywhere(app, host, port, find);
  const name = host.includes(':') ? `[${host}]` : host;
  return {
    origin: `${protocol === 'http' ? 'http' : 'https'}://${name}:${listeners.port}`,
    port: listeners.port,
    certificate: credentials?.cert ?? null,
    warnings: [...exposureWarning(host, listeners.addresses), ...openFileWarning()],
    async close(graceMs = GRACE_MS) {
      listeners.close();
      const endMs = performance.now() + graceMs;
      while (stats().inFlight > 0 && performance.now() < endMs) await wait(5);
      if (stats().inFlight === 0) {
        const farewellMs = performance.now() + FAREWELL_MS;
        // HTTP/2 needs several turns of the loop to send an answer.
        while (connections.answering() && performance.now() < farewellMs) await wait(5);
        connections.endAll();
        while (connections.open() > 0 && performance.now() < farewellMs) await wait(5);
      }
      connections.resetAll();
      await app.close();
    },
  };
}

/** Answers plain requests before Node's server sees them; it gets the connections of all others. */
function acceptPlainRequests({ server }: FastifyInstance, connections: Connections, delay: DelayRoute): void {
  const ofNode = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  const patience = { firstRequestMs: REQUEST_TIMEOUT_MS, keepAliveMs: KEEP_ALIVE_MS };
  const answerPlain = createPlainConnections(delay, patience, {
    takeOver(socket) {
      for (const listener of ofNode) listener.call(server, socket);
    },
    timeOut(socket) {
      const error = new Error('The first request did not come in time.');
      server.emit('clientError', Object.assign(error, { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket);
    },
  });
  server.on('connection', (socket) => answerPlain(socket, connections.add(socket)));
}

function readOptions(given: object): ServerOptions {
  return createReader(ServerOptions)(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );
}

function createApp(protocol: string, credentials: { key: string; cert: string } | null) {
  const common = {
    keepAliveTimeout: KEEP_ALIVE_MS,
    http2SessionTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: { maxParamLength: MAX_RUN_LENGTH },
    forceCloseConnections: true,
    frameworkErrors: answerError as never,
  };
  // fastify has a type per protocol; the routes use the common part.
  const app = (protocol === 'http2'
    ? fastify({ ...common, http2: true, https: { ...credentials, allowHTTP1: true } })
    : protocol === 'https'
      ? fastify({ ...common, https: { ...credentials } })
      : fastify(common)) as unknown as FastifyInstance;
  app.setValidatorCompiler(compileValidator);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setNotFoundHandler((request, reply) => {
    reply.code(404).send({
      error: `There is no ${request.method} ${request.url.split('?')[0]} here; try GET /delay/100, GET /stats or GET /trace.`,
    });
  });
  app.setErrorHandler(answerError);
  return app.withTypeProvider<TypeBoxTypeProvider>();
}

/** Sends every error in the same format, including those that fastify finds before a route runs. */
function answerError(error: Error & { statusCode?: number }, _request: unknown, reply: FastifyReply): void {
  reply.code(error.statusCode ?? 500).send({ error: error.message });
}

function exposureWarning(host: string, addresses: readonly string[]): string[] {
  if (addresses.every((address) => address === '::1' || address.startsWith('127.'))) return [];
  return [
    `Listening on ${host}: any client that reaches this machine can make it hold connections and send data.`,
  ];
}
