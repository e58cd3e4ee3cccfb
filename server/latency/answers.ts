import { constants, type ServerHttp2Stream } from 'node:http2';
import type { FastifyReply } from 'fastify';
import type { Connection } from './connections.ts';
import type { FaultKind } from './faults.ts';

/** How often a slow body sends its next piece. */
const PIECE_INTERVAL_MS = 50;

/** The end of an answer: it was sent, or it was cut off. */
export type Ending = 'released' | 'aborted';

/** The data and callbacks for one answer. */
export interface Answer {
  readonly reply: FastifyReply;
  readonly connection: Connection;
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

/** Sends an answer, normally or with a fault. */
export function answer(kind: FaultKind | null, given: Answer): void {
  if (kind === null) answerWhole(given);
  else FAULTY[kind](given);
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

function answerWhole(given: Answer): void {
  writeHead(given);
  const atMs = performance.now();
  given.reply.raw.end(given.body);
  given.ended('released', atMs);
}

function answerError({ reply, status, ended }: Answer): void {
  const atMs = performance.now();
  reply.code(status).send({ error: 'This fault was asked for.' });
  ended('released', atMs);
}

/** Takes the raw answer over from fastify and prepares its headers. */
function writeHead({ reply, body }: Answer): void {
  reply.hijack();
  reply.raw.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
  });
}

/** Sends the headers only. */
function startBody(given: Answer): void {
  writeHead(given);
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
