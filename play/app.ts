import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { readChoices } from './choices.ts';
import { whyRefused } from './guards.ts';
import { playPage } from './play-page.ts';
import { createSession, type Session } from './session.ts';

/** The limit of a request's body, which has a few numbers only. */
const MAX_BODY_BYTES = 10_000;

/** The headers of every answer. */
const HEADERS = {
  'cache-control': 'no-store',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/** A listening app. */
export interface RunningApp {
  /** As in `http://127.0.0.1:8001`. */
  readonly origin: string;
  /** Stops listening and the current run, if any; resolves when its processes have ended. */
  close(): Promise<void>;
}

/**
 * Serves the page on the loopback address, starts the runs that it asks for, and sends it their events.
 *
 * @param port 0 lets the system pick one
 * @param graceMs how long a run continues without a watching page
 * @throws an Error with one sentence if the port is taken; other errors of listening
 */
export async function startApp(port: number, graceMs?: number): Promise<RunningApp> {
  const session = createSession(graceMs);
  const app = createApp(session, playPage());
  try {
    await app.listen({ port, host: '127.0.0.1' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(`Port ${port} is taken by another program; choose another one with --port.`);
  }
  return {
    origin: `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`,
    async close() {
      await session.close();
      await app.close();
    },
  };
}

function createApp(session: Session, page: string): FastifyInstance {
  const app = fastify({
    bodyLimit: MAX_BODY_BYTES,
    forceCloseConnections: true,
    frameworkErrors: answerError as never,
  });
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    reply.code(404).send({ error: `There is no ${request.method} ${request.url.split('?')[0]} here.` });
  });
  app.addHook('onRequest', async ({ method, url, headers, socket }, reply) => {
    reply.headers(HEADERS);
    const refusal = whyRefused({ method, url, headers, port: socket.localPort ?? 0 });
    if (refusal !== null) return reply.code(refusal.status).send({ error: refusal.error });
  });

  const policy = policyOf(page);
  app.get('/', async (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('content-security-policy', policy).send(page),
  );
  app.get('/events', (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
    session.watch(reply.raw);
  });
  app.post('/run', async (request, reply) => {
    const started = session.start(readChoices(request.body));
    if (started) return reply.code(202).send({});
    return reply.code(409).send({ error: 'A run is under way; stop it or wait for its end.' });
  });
  app.post('/stop', async () => {
    await session.stop('Stopped.');
    return {};
  });
  return app;
}

/** Sends every error in the same format. */
function answerError(error: Error & { statusCode?: number }, _request: unknown, reply: FastifyReply): void {
  reply.code(error.statusCode ?? 500).send({ error: error.message });
}

/** A policy that allows the page's inline scripts and styles only, and connections to this app only. */
function policyOf(page: string): string {
  const hashes = (element: string) =>
    [...page.matchAll(new RegExp(`<${element}>([\\s\\S]*?)</${element}>`, 'g'))]
      .map(([, text]) => `'sha256-${createHash('sha256').update(text!).digest('base64')}'`)
      .join(' ');
  return [
    "default-src 'none'",
    `script-src ${hashes('script')}`,
    `style-src ${hashes('style')}`,
    'font-src data:',
    'img-src data:',
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
