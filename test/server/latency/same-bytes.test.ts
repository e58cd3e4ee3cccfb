/** What comes over a connection gets the same bytes by hand as from Node's server, whatever it is. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { startServer } from '../../../server/latency/server.ts';

const byHand = await startServer();
/** Faults by default lead all requests to Node's server; this one never happens. */
const byNode = await startServer({ fault: 'reset:0' });
after(async () => {
  await byHand.close(0);
  await byNode.close(0);
});

const LINE_END = '\r\n';
const get = (path: string, headers = '') => `GET ${path} HTTP/1.1\r\nhost: x\r\n${headers}\r\n`;
const post = (headers: string, body: string) =>
  `POST /delay/0?job=2 HTTP/1.1\r\nhost: x\r\n${headers}\r\n${body}`;
const plain = get('/delay/0?job=1');
const last = get('/delay/0?job=9&run=a', 'connection: close\r\n');
const CHUNKS = '5\r\nhello\r\n0\r\n\r\n';

/** All that comes back until the connection is closed, without the time of day. */
async function answersOf(port: number, pieces: readonly string[], end = false): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
  const closed = new Promise((resolve) => socket.once('close', resolve));
  let text = '';
  let wasReset = false;
  socket.on('error', () => {
    wasReset = true;
  });
  socket.on('data', (data) => {
    text += data.toString('latin1');
  });
  socket.on('end', () => socket.end());
  for (const [index, piece] of pieces.entries()) {
    // So that the server reads them one by one.
    if (index > 0) await wait(5);
    socket.write(piece, 'latin1');
  }
  if (end) socket.end();
  await closed;
  // What is written to a connection that the server has closed may cost the answer.
  if (wasReset && text === '') return answersOf(port, pieces, end);
  return text.replaceAll(/\r\ndate: [^\r]+ GMT/gi, '\r\nDate: now');
}

async function answersAlike(pieces: readonly string[], end = false): Promise<string> {
  const [plainText, nodeText] = await Promise.all(
    [byHand, byNode].map(({ port }) => answersOf(port, pieces, end)),
  );
  assert.equal(plainText, nodeText);
  return plainText!;
}

const CASES: readonly (readonly [what: string, text: string, status: number])[] = [
  ['one request', '', 200],
  ['two requests together', plain + get('/delay/0?job=2'), 200],
  ['two requests, the second not plain', plain + get('/delay/0?job=2&size=50'), 200],
  ['two requests, the first not plain', get('/delay/0?job=2&size=50') + plain, 200],
  ['names of headers in capitals', plain.replace('host', 'HOST'), 200],
  ['a wish to keep the connection', get('/delay/0', 'CONNECTION: KEEP-ALIVE\r\n'), 200],
  ['an empty job', get('/delay/0?job='), 400],
  ['an empty run', get('/delay/0?job=1&run='), 200],
  ['zeros before numbers', get('/delay/000.50?job=007'), 200],
  ['a number too large', get('/delay/0?job=99999999999999999999'), 400],
  ['a percent sign that encodes nothing', get('/delay/0?job=1&run=%'), 200],
  ['a body on GET', `${get('/delay/0', 'content-length: 5\r\n')}hello`, 200],
  [
    'a body on GET that looks like a request',
    get('/delay/0', `content-length: ${plain.length}\r\n`) + plain,
    200,
  ],
  ['chunks on GET', get('/delay/0', 'Transfer-Encoding: chunked\r\n') + CHUNKS, 200],
  [
    'a length and chunks',
    get('/delay/0', 'content-length: 3\r\ntransfer-encoding: chunked\r\n') + CHUNKS,
    400,
  ],
  ['two lengths', get('/delay/0', 'content-length: 3\r\ncontent-length: 4\r\n'), 400],
  ['an unknown coding', get('/delay/0', 'transfer-encoding: xchunked\r\n'), 200],
  ['a space before the colon of a length', get('/delay/0', 'content-length : 5\r\n'), 400],
  ['a body after a plain request', plain + post('content-length: 5\r\n', 'hello'), 200],
  ['chunks after a plain request', plain + post('transfer-encoding: chunked\r\n', CHUNKS), 200],
  ['a URL with its host', get('http://x/delay/0?job=1'), 200],
  ['a URL of another host', get('http://other.example/delay/0'), 200],
  ['a URL without a slash', get('delay/0'), 400],
  ['a fragment', get('/delay/0?job=1#part'), 400],
  ['lines that end in LF only', plain.replaceAll(LINE_END, '\n'), 400],
  ['lines that end in CR only', plain.replaceAll(LINE_END, '\r'), 400],
  ['a header that ends in LF only', get('/delay/0', 'x: 1\n'), 400],
  ['empty lines before a request', LINE_END.repeat(3) + plain, 200],
  ['empty lines between requests', plain + LINE_END + plain, 200],
  ['a header of 15 KB', get('/delay/0', `x: ${'y'.repeat(15_000)}\r\n`), 200],
  ['a header of 16 KB', get('/delay/0', `x: ${'y'.repeat(16_384)}\r\n`), 431],
  ['a header of 100 KB', get('/delay/0', `x: ${'y'.repeat(100_000)}\r\n`), 431],
  ['a URL of 100 KB', get(`/delay/0?run=${'y'.repeat(100_000)}`), 431],
  ['3000 headers', get('/delay/0', 'x-header: some value\r\n'.repeat(3000)), 431],
  ['HTTP/1.0', plain.replace('1.1', '1.0'), 200],
  ['HTTP/1.0 with a wish', get('/delay/0', 'connection: keep-alive\r\n').replace('1.1', '1.0'), 200],
  ['HTTP/1.2', plain.replace('1.1', '1.2'), 400],
  ['HTTP/2 without TLS', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
  ['a request without a version', 'GET /delay/0\r\n\r\n', 200],
  ['a close', get('/delay/0', 'Connection: close\r\n'), 200],
  ['a close among others', get('/delay/0', 'connection: keep-alive, Close\r\n'), 200],
  ['two wishes', get('/delay/0', 'connection: keep-alive\r\nconnection: close\r\n'), 200],
  ['an expected 100', post('expect: 100-continue\r\ncontent-length: 5\r\n', 'hello'), 100],
  ['an expected 100 on GET', get('/delay/0', 'Expect: 100-continue\r\n'), 100],
  ['another expectation', get('/delay/0', 'expect: more\r\n'), 417],
  ['HEAD', plain.replace('GET', 'HEAD'), 200],
  ['HEAD after a plain request', plain + plain.replace('GET', 'HEAD'), 200],
  ['OPTIONS', 'OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n', 404],
  ['CONNECT', 'CONNECT x:80 HTTP/1.1\r\nhost: x\r\n\r\n', 0],
  ['a method in small letters', plain.replace('GET', 'get'), 400],
  ['a method that does not exist', plain.replace('GET', 'GOT'), 400],
  ['another protocol', get('/delay/0', 'upgrade: h2c\r\nconnection: close, upgrade\r\n'), 200],
  ['no host', plain.replace('host: x\r\n', 'y: x\r\n'), 400],
  ['an empty host', plain.replace('host: x', 'host:'), 200],
  ['two hosts', get('/delay/0', 'Host: y\r\n'), 200],
  ['a header over two lines', get('/delay/0', 'x: 1\r\n 2\r\n'), 400],
  ['a header without a name', get('/delay/0', ': 1\r\n'), 400],
  ['a header without a colon', get('/delay/0', 'x\r\n'), 400],
  ['a NUL in a header', get('/delay/0', 'x: \u0000\r\n'), 400],
  ['bytes beyond ASCII in a header', get('/delay/0', 'x: \u00e9\r\n'), 200],
  ['bytes beyond ASCII in the path', get('/delay/0?run=\u00e9'), 400],
  ['two spaces before the path', plain.replace('GET ', 'GET  '), 200],
  ['a space after the version', plain.replace('HTTP/1.1', 'HTTP/1.1 '), 400],
  ['a greeting of TLS', '\u0016\u0003\u0001\u0000\u0005\u0001\u0000', 400],
  ['garbage after a plain request', `${plain}\u0000\u0001`, 200],
];

for (const [what, text, status] of CASES)
  test(`${what}: the same bytes, whole and in pieces`, async () => {
    const whole = text + last;
    const answers = await answersAlike([whole]);
    assert.equal(Number(/^HTTP\/1\.1 (\d+)/.exec(answers)?.[1] ?? 0), status);
    const middle = Math.floor(text.length / 2);
    await answersAlike([whole.slice(0, middle), whole.slice(middle)].filter((piece) => piece !== ''));
    await answersAlike([text, last].filter((piece) => piece !== ''));
  });

const pair = get('/delay/0?job=1&run=a%2Fb', 'Accept: */*\r\n') + last;

test('two requests that are cut anywhere get the same bytes', async () => {
  const places = Array.from({ length: pair.length - 1 }, (_, index) => index + 1);
  for (let from = 0; from < places.length; from += 16)
    await Promise.all(
      places.slice(from, from + 16).map((at) => answersAlike([pair.slice(0, at), pair.slice(at)])),
    );
});

test('requests that come byte by byte get the same bytes', async () => {
  await answersAlike([...pair]);
});

test('clients that send no more get the same bytes, wherever they stop', async () => {
  for (let at = 0; at < plain.length; at += 1) await answersAlike([plain.slice(0, at)], true);
  assert.match(await answersAlike([plain.slice(0, 9)], true), /^HTTP\/1\.1 400 /);
  // After a whole request, too.
  assert.match(await answersAlike([plain, plain.slice(0, 9)], true), /200 OK[\s\S]+HTTP\/1\.1 400 /);
});
