/**
 * Plain requests over sockets by hand. The HTTP parser of Node 24 alone takes 10 KB of memory for each connection. Without
 * delay, Node's objects for a request take a third of its CPU time. Whatever is not plain goes to Node's own server.
 */
import type { Socket } from 'node:net';
import type { Exchange } from './answers.ts';
import type { Connection } from './connections.ts';
import type { DelayRoute } from './delay.ts';
import { type AnswerWriter, createAnswerWriter } from './plain-answer.ts';
import { createPlainReader } from './plain-request.ts';

/** How long a connection may be silent, in ms. */
export interface Patience {
  /** Before its first request. */
  readonly firstRequestMs: number;
  /** After an answer; clients are told that. */
  readonly keepAliveMs: number;
}

/** Clients are told a little less than what they get, so that no request crosses the end of its connection. */
const KEEP_ALIVE_RESERVE_MS = 1000;
/** The most bytes for Node's server that may wait until the requests before them are answered. */
const MAX_REST_BYTES = 64 * 1024;
/** The most requests of one connection that may wait for their answers; later ones stay unread. */
const MAX_UNANSWERED = 1000;

/** What Node's server does for connections that plain requests are not all of. */
export interface NodeServer {
  /** Gets a connection whose next request is not plain; the socket gives that request again. */
  takeOver(socket: Socket): void;
  /** Tells a client that its first request did not come in time, and closes its connection. */
  timeOut(socket: Socket): void;
}

/** Makes a function that answers the plain requests of a new connection. */
export function createPlainConnections(
  route: DelayRoute,
  { firstRequestMs, keepAliveMs }: Patience,
  node: NodeServer,
): (socket: Socket, connection: Connection) => void {
  const read = createPlainReader();
  const writer = createAnswerWriter(keepAliveMs);

  return (socket, connection) => {
    /** In the order of arrival, which is that of the answers. */
    const unanswered: PlainExchange[] = [];
    /** What came from the first request on that is not plain. */
    let rest: Buffer | null = null;

    const sendAnswers = () => {
      while (unanswered.length > 0) {
        const { answer, over } = unanswered[0]!;
        if (answer === null) break;
        unanswered.shift();
        if (over !== null) connection.onClose.delete(over);
        if (socket.writable) socket.write(answer, 'latin1');
      }
      if (rest !== null && unanswered.length === 0 && socket.readable) giveAway(rest);
      else readOn();
    };
    const isBusy = () => unanswered.length >= MAX_UNANSWERED || socket.writableNeedDrain;
    const readOn = () => {
      if (rest === null && socket.isPaused() && !isBusy()) socket.resume();
    };
    /** The socket gives this again once the client reads its answers. */
    const putBack = (data: Buffer) => {
      socket.pause();
      socket.unshift(data);
    };
    const take = (data: Buffer) => {
      if (rest !== null) return leave(Buffer.concat([rest, data]));
      const text = data.toString('latin1');
      for (let at = 0; at < text.length; ) {
        if (isBusy()) return putBack(data.subarray(at));
        const request = read(text, at);
        if (request === null) return leave(data.subarray(at));
        at = request.end;
        if (socket.timeout === firstRequestMs) socket.setTimeout(keepAliveMs + KEEP_ALIVE_RESERVE_MS);
        const exchange = new PlainExchange(connection, writer, sendAnswers);
        unanswered.push(exchange);
        route(request, exchange);
      }
    };
    const leave = (data: Buffer) => {
      rest = data;
      if (unanswered.length === 0) giveAway(rest);
      else if (rest.length > MAX_REST_BYTES) socket.pause();
    };
    const giveAway = (data: Buffer) => {
      for (const [event, listener] of Object.entries(listeners)) socket.off(event, listener);
      socket.setTimeout(0);
      putBack(data);
      node.takeOver(socket);
      socket.resume();
    };
    const listeners = {
      data: take,
      drain: readOn,
      end: () => void socket.end(),
      timeout() {
        if (socket.timeout === firstRequestMs) node.timeOut(socket);
        else if (unanswered.length === 0) socket.destroy();
      },
      // `close` follows, and tells all who need to know.
      error() {},
    };
    for (const [event, listener] of Object.entries(listeners)) socket.on(event, listener);
    socket.setTimeout(firstRequestMs);
  };
}

class PlainExchange implements Exchange {
  readonly connection: Connection;
  readonly fail = null;
  /** Null until it is known; it leaves when all before it have. */
  answer: string | null = null;
  /** Called if the client leaves before the answer. */
  over: (() => void) | null = null;
  readonly #writer: AnswerWriter;
  readonly #sendAnswers: () => void;

  constructor(connection: Connection, writer: AnswerWriter, sendAnswers: () => void) {
    this.connection = connection;
    this.#writer = writer;
    this.#sendAnswers = sendAnswers;
  }

  send(body: string): void {
    this.answer = this.#writer.ok(body);
    this.#sendAnswers();
  }

  turnAway(status: number, body: string, retryAfterSeconds: number): void {
    this.answer = this.#writer.turnAway(status, body, retryAfterSeconds);
    this.#sendAnswers();
  }

  whenOver(over: () => void): void {
    this.over = over;
    this.connection.onClose.add(over);
  }
}
