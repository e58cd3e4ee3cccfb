import { STATUS_CODES } from 'node:http';

/** Writes whole answers as Node does: the same headers in the same order. */
export interface AnswerWriter {
  /** Status 200 with this JSON, which is ASCII. */
  ok(body: string): string;
  /** Another status with this JSON, which is ASCII, and when to come again. */
  turnAway(status: number, body: string, retryAfterSeconds: number): string;
}

/** @param keepAliveMs what clients are told of how long a connection may be silent */
export function createAnswerWriter(keepAliveMs: number): AnswerWriter {
  const connection = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n\r\n`;
  let commonEnd = '';
  let commonEndsAtMs = 0;
  /** The headers that all answers of a second share. */
  const common = () => {
    const nowMs = Date.now();
    if (nowMs >= commonEndsAtMs) {
      commonEnd = `Date: ${new Date(nowMs).toUTCString()}\r\n${connection}`;
      commonEndsAtMs = nowMs - (nowMs % 1000) + 1000;
    }
    return commonEnd;
  };
  return {
    ok: (body) =>
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${common()}${body}`,
    turnAway: (status, body, retryAfterSeconds) =>
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nretry-after: ${retryAfterSeconds}\r\n` +
      `content-type: application/json; charset=utf-8\r\ncontent-length: ${body.length}\r\n${common()}${body}`,
  };
}
