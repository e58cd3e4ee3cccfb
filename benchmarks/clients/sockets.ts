/** A minimal HTTP client that writes requests and reads answers on sockets. It is a reference, not a recommendation. */
import { connect, type Socket } from 'node:net';
import { promisify } from 'node:util';
import type { Callback } from '../../harness/model/job.ts';

/** Open connections, with a method to send requests over them. */
export interface Sockets {
  /** Requests a path over the next free connection; gives the body of an answer with status 200. */
  call(path: string, done: Callback<string>): void;
  /** The same as a promise. */
  get(path: string): Promise<string>;
  /** Aborts running requests with this reason, and closes all connections. */
  close(reason?: Error): void;
}

/** The path of the requests that open connections, which belong to no sample. */
const OPENING = '/delay/1';
const HEAD_END = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: *(\d+)/i;

/**
 * Opens connections to a latency server with one request each, so that the server has seen them.
 *
 * @param origin as in `http://127.0.0.1:4000`
 * @throws the error of the system or the server if a connection cannot be opened; all are closed then
 */
export async function openSockets(origin: string, connections: number): Promise<Sockets> {
  const { hostname, port, host } = new URL(origin);
  const queue: [path: string, done: Callback<string>][] = [];
  const free: Exchanges[] = [];
  const release = (exchanges: Exchanges) => {
    const next = queue.shift();
    if (next === undefined) free.push(exchanges);
    else exchanges.start(...next);
  };
  const all = Array.from({ length: connections }, () =>
    createExchanges(connect({ port: Number(port), host: hostname, noDelay: true }), host, release),
  );
  const close = (reason = new Error('The connections were closed.')) => {
    for (const [, done] of queue.splice(0)) done(reason);
    for (const exchanges of all) exchanges.end(reason);
  };
  try {
    await Promise.all(all.map(({ start }) => promisify(start)(OPENING)));
  } catch (error) {
    close();
    throw error;
  }
  const call: Sockets['call'] = (path, done) => {
    const exchanges = free.pop();
    if (exchanges === undefined) queue.push([path, done]);
    else exchanges.start(path, done);
  };
  return { call, get: promisify(call) as Sockets['get'], close };
}

/** One connection, which carries requests in sequence. */
interface Exchanges {
  start(path: string, done: Callback<string>): void;
  end(reason: Error): void;
}

function createExchanges(socket: Socket, host: string, release: (own: Exchanges) => void): Exchanges {
  let pending: Callback<string> | null = null;
  let received = '';
  const finish = (error: Error | null, text?: string) => {
    const done = pending;
    pending = null;
    received = '';
    if (error === null) release(own);
    done?.(error, text);
  };
  const own: Exchanges = {
    start(path, done) {
      if (socket.destroyed) return done(new Error('The target closed the connection.'));
      pending = done;
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
    },
    end(reason) {
      socket.destroy();
      finish(reason);
    },
  };
  // One character per byte, so that text lengths are byte lengths.
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    received += chunk;
    const answer = answerIn(received);
    if (answer === null) return;
    const { status, text } = answer;
    if (status === '200') finish(null, text);
    else own.end(new Error(`The target answered ${status}: ${text}`));
  });
  socket.on('error', finish);
  socket.on('close', () => finish(new Error('The target closed the connection.')));
  return own;
}

/** The complete answer in the received text, or null. */
function answerIn(received: string): { readonly status: string; readonly text: string } | null {
  const head = received.indexOf(HEAD_END);
  if (head === -1) return null;
  const length = Number(LENGTH.exec(received)?.[1]);
  const from = head + HEAD_END.length;
  if (received.length < from + length) return null;
  return { status: received.slice(9, 12), text: received.slice(from, from + length) };
}
