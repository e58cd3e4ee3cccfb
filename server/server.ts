import type { AddressInfo, Socket } from 'node:net';
import { crc32 } from 'node:zlib';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import fastify, { type FastifyError, type FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { createHolds } from './holds.ts';
import { createObservations } from './observations.ts';
import { compileValidator } from './validation.ts';

/**
 * Connections that may wait to be accepted. A server that takes too few drops the SYNs of a burst, and each
 * of them comes again after a full second: the measured curve then jumps by that second.
 */
const BACKLOG = 4096;
/** Longer than any pause between two requests of ours. */
const KEEP_ALIVE_MS = 600_000;
const MAX_DELAY_MS = 600_000;
const MAX_BODY_BYTES = 1024 * 1024;

const DelayParams = Type.Object({ ms: Type.Number({ minimum: 0, maximum: MAX_DELAY_MS }) });
const DelayQuery = Type.Object({
  job: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
  run: Type.Optional(Type.String({ maxLength: 300 })),
});

/** A server that listens. */
export interface RunningServer {
  /** As in `http://127.0.0.1:4000`. */
  readonly origin: string;
  readonly port: number;
  /** Stops listening and cuts every connection. */
  close(): Promise<void>;
}

/**
 * Starts the latency server.
 *
 * @param options.port the port to listen on; 0 lets the system pick one
 * @param options.host the address to listen on, the loopback one by default
 * @throws what listening throws, as when the port is taken (`EADDRINUSE`)
 */
export async function startServer(options: { port?: number; host?: string } = {}): Promise<RunningServer> {
  const { port = 0, host = '127.0.0.1' } = options;
  const app = createApp();
  await app.listen({ port, host, backlog: BACKLOG });
  const { port: listeningPort } = app.server.address() as AddressInfo;
  return {
    origin: `http://${host.includes(':') ? `[${host}]` : host}:${listeningPort}`,
    port: listeningPort,
    close: () => app.close(),
  };
}

function createApp() {
  const app = fastify({
    keepAliveTimeout: KEEP_ALIVE_MS,
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
  }).withTypeProvider<TypeBoxTypeProvider>();
  const holds = createHolds();
  const observations = createObservations();
  const connectionNumbers = new WeakMap<Socket, number>();

  app.server.on('connection', (socket) => {
    connectionNumbers.set(socket, observations.connectionOpened());
    socket.once('close', () => observations.connectionClosed());
  });

  /** Holds one request until its deadline, then answers it, unless its client has gone. */
  const answerAfter = (
    delayMs: number,
    query: { job?: number; run?: string },
    reply: FastifyReply,
    body: object,
  ) => {
    const connection = connectionNumbers.get(reply.request.raw.socket) ?? 0;
    const request = observations.arrived(query.job ?? null, query.run ?? '', connection);
    const answer = JSON.stringify({ job: request.job, delayMs, ...body });
    const release = () => {
      observations.released(request, delayMs);
      reply.header('content-type', 'application/json').send(answer);
    };
    if (delayMs === 0) return release();
    const forget = holds.until(request.arrivedMs + delayMs, release);
    reply.raw.once('close', () => {
      if (request.releasedMs !== null) return;
      forget();
      observations.aborted(request);
    });
  };

  app.setValidatorCompiler(compileValidator);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  app.get('/delay/:ms', { schema: { params: DelayParams, querystring: DelayQuery } }, (request, reply) => {
    answerAfter(request.params.ms, request.query, reply, {});
  });
  app.post('/delay/:ms', { schema: { params: DelayParams, querystring: DelayQuery } }, (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    const checksum = crc32(body).toString(16).padStart(8, '0');
    answerAfter(request.params.ms, request.query, reply, { sizeBytes: body.length, crc32: checksum });
  });
  app.get('/stats', async () => observations.stats());
  app.delete('/stats', async (_request, reply) => {
    observations.reset();
    return reply.code(204).send();
  });
  app.get('/trace', async () => observations.trace());

  app.setNotFoundHandler((request, reply) => {
    reply.code(404).send({
      error: `There is no ${request.method} ${request.url.split('?')[0]} here; try GET /delay/100, GET /stats or GET /trace.`,
    });
  });
  app.setErrorHandler((error: FastifyError, _request, reply) => {
    reply.code(error.statusCode ?? 500).send({ error: error.message });
  });
  return app;
}
