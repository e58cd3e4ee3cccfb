import { constants, type ServerHttp2Stream } from 'node:http2';
import type { FastifyReply } from 'fastify';
import type { Connection } from './connections.ts';
import type { FaultKind } from './faults.ts';

const JSON_TYPE = 'application/json; charset=utf-8';
/** How often a slow body sends its next piece. */
const PIECE_INTERVAL_MS = 50;

/** The end of an answer: it was sent, or it was cut off. */
export type Ending = 'released' | 'aborted';

/** Where a request came from, and where its answer goes. */
export interface Exchange {
  readonly connection: Connection;
  /** Answers with status 200 and this JSON. */
  send(body: string): void;
  /** Answers with another status, this JSON, and when to come again. */
  turnAway(status: number, body: string, retryAfterSeconds: number): void;
  /** Answers with a fault; null where nothing asks for faults. */
  readonly fail: ((kind: FaultKind, faulty: FaultyAnswer) => void) | null;
  /** Calls `over` when the answer has left, or its client. */
  whenOver(over: () => void): void;
}

/** The data and callbacks for an answer with a fault. */
export interface FaultyAnswer {
  readonly body: string;
  readonly status: number;
  readonly bytesPerSecond: number;
  /**
   * Called once, when the answer was written to the socket or cut off; never for `silence`. `atMs` is the time before the
   * write, on this process's clock: the client may have the answer before the write returns.
   */
  ended(ending: Ending, atMs?: number): void;
  /** Registers a function that stops the answer if the client disconnects first. */
  whenLeft(stop: () => void): void;
}

/** The exchange of a request that fastify read. */
export function createReplyExchange(reply: FastifyReply, connection: Connection): Exchange {
  return {
    connection,
    send(body) {
      writeHead(reply, body);
      reply.raw.end(body);
    },
    turnAway(status, body, retryAfterSeconds) {
      reply.code(status).header('retry-after', retryAfterSeconds).type(JSON_TYPE).send(body);
    },
    fail: (kind, faulty) => FAULTY[kind]({ ...faulty, reply, connection }),
    whenOver(over) {
      const once = () => {
        connection.onClose.delete(once);
        over();
      };
      connection.onClose.add(once);
      reply.raw.once('close', once);
    },
  };
}

interface Answer extends FaultyAnswer {
  readonly reply: FastifyReply;
  readonly connection: Connection;
}

const FAULTY: Readonly<Record<FaultKind, (given: Answer) => void>> = {
  error: answerError,
  reset({ ended, connection }) {
    ended('aborted');
    connection.reset();
  },
  // The body never follows the headers; the request ends when its client disconnects.
  silence: startBody,
  truncate: answerHalf,
  slow: answerSlowly,
};

function answerError({ reply, status, ended }: Answer): void {
  const atMs = performance.now();
  reply.code(status).send({ error: 'This fault was asked for.' });
  ended('released', atMs);
}

/** Takes the raw answer over from fastify and prepares its headers. */
function writeHead(reply: FastifyReply, body: string): void {
  reply.hijack();
  // As a list, since Node reads it faster.
  reply.raw.writeHead(200, ['content-type', 'application/json', 'content-length', String(body.length)]);
}

/** Sends the headers only. */
function startBody(given: Answer): void {
  writeHead(given.reply, given.body);
  given.reply.raw.flushHeaders();
}

function answerHalf(given: Answer): void {
  startBody(given);
  const raw: object & FastifyReply['raw'] = given.reply.raw;
  raw.write(given.body.slice(0, Math.floor(given.body.length / 2)), () => {
    given.ended('aborted');
    // In HTTP/2 a connection that ends looks to the client like the end of the body.
    if ('stream' in raw) (raw.stream as ServerHttp2Stream).close(constants.NGHTTP2_INTERNAL_ERROR);
    else given.connection.end();
  });
}

function answerSlowly(given: Answer): void {
  startBody(given);
  const { body, bytesPerSecond, ended, whenLeft } = given;
  const { raw } = given.reply;
  const startMs = performance.now();
  let sent = 0;
  const pieces = setInterval(() => {
    const due = Math.floor(((performance.now() - startMs) / 1000) * bytesPerSecond);
    const end = Math.min(due, body.length);
    if (end > sent) raw.write(body.slice(sent, end));
    sent = end;
    if (sent < body.length) return;
    clearInterval(pieces);
    raw.end();
    ended('released');
  }, PIECE_INTERVAL_MS);
  whenLeft(() => clearInterval(pieces));
}
