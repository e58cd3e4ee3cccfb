import { setTimeout as wait } from 'node:timers/promises';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { createCredentials } from './certificate.ts';
import { createConnections } from './connections.ts';
import { createDelayRoute } from './delay.ts';
import { openFileWarning } from './limits.ts';
import { type Lookup, listenEverywhere } from './listeners.ts';
import { createObservations } from './observations.ts';
import { pageForPeople } from './page.ts';
import { DelayPath, DelayQuery, MAX_BODY_BYTES, ServerOptions } from './parameters.ts';
import { compileValidator, createReader } from './validation.ts';
import { VERSION } from './version.ts';

/** Longer than any pause between two requests of ours. */
const KEEP_ALIVE_MS = 600_000;
/** A request must have arrived by then: a client that stops halfway does not hold its connection for ever. */
const REQUEST_TIMEOUT_MS = 60_000;
/** How long closing waits for what is held, unless told otherwise. */
const GRACE_MS = 5000;
/** How long a connection that was told to end may take for it. */
const FAREWELL_MS = 200;

/** A server that listens. */
export interface RunningServer {
  /** As in `http://127.0.0.1:4000`. */
  readonly origin: string;
  readonly port: number;
  /** PEM; null without TLS. */
  readonly certificate: string | null;
  /** What whoever started it should know, one sentence each. */
  readonly warnings: readonly string[];
  /** Stops listening, finishes what is held within the grace period, resets what is left after it. */
  close(graceMs?: number): Promise<void>;
}

/**
 * Starts the latency server.
 *
 * @param given everything is optional, and numbers may be text, as from a command line: port 0 lets the system
 *   pick one, the host is the loopback address
 * @param find tells the addresses of a host's name, at each of which it listens; the system does, where left out
 * @throws ParameterError where an option is wrong; what listening throws, as when the port is taken
 */
export async function startServer(
  given: ServerOptions | Readonly<Record<string, string | undefined>> = {},
  find?: Lookup,
): Promise<RunningServer> {
  const options = readOptions(given);
  const { port = 0, host = '127.0.0.1', protocol = 'http', ...settings } = options;
  const credentials = protocol === 'http' ? null : await createCredentials();
  const app = createApp(protocol, credentials);
  const connections = createConnections();
  const observations = createObservations();
  app.server.on('connection', connections.add);
  const delay = createDelayRoute(options, connections, observations);
  const schema = { params: DelayPath, querystring: DelayQuery };

  app.get('/delay/:ms', { schema }, delay);
  app.post('/delay/:ms', { schema }, delay);
  const stats = () =>
    observations.stats({ opened: connections.opened(), open: connections.open() }, delay.queued());
  app.get('/stats', async () => ({ version: VERSION, settings, ...stats() }));
  app.delete('/stats', async (_request, reply) => {
    observations.reset();
    connections.forget();
    return reply.code(204).send();
  });
  app.get('/trace', async () => observations.trace());
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
        // HTTP/2 takes several turns of the loop to send an answer.
        while (connections.answering() && performance.now() < farewellMs) await wait(5);
        connections.endAll();
        while (connections.open() > 0 && performance.now() < farewellMs) await wait(5);
      }
      connections.resetAll();
      await app.close();
    },
  };
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
    forceCloseConnections: true,
    frameworkErrors: answerError as never,
  };
  // fastify has a type for each protocol; what the routes use is the same in all.
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

/** One shape for every error: what fastify finds wrong before a route is reached, too. */
function answerError(error: Error & { statusCode?: number }, _request: unknown, reply: FastifyReply): void {
  reply.code(error.statusCode ?? 500).send({ error: error.message });
}

function exposureWarning(host: string, addresses: readonly string[]): string[] {
  if (addresses.every((address) => address === '::1' || address.startsWith('127.'))) return [];
  return [`Listening on ${host}: whoever reaches this machine can make it hold connections and send data.`];
}
