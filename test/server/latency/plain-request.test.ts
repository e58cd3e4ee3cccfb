import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPlainReader } from '../../../server/latency/plain-request.ts';

const HOST = 'Host: 127.0.0.1:4000\r\n';
const get = (path: string, headers = HOST) => `GET ${path} HTTP/1.1\r\n${headers}\r\n`;
const read = (text: string, at = 0) => createPlainReader()(text, at);

for (const [path, expected] of [
  ['/delay/0', { ms: 0, query: {} }],
  ['/delay/12.5', { ms: 12.5, query: {} }],
  ['/delay/600000?job=7', { ms: 600_000, query: { job: 7 } }],
  [
    '/delay/1?job=0&run=crawl%2Fsemaphore%20100%2F3',
    { ms: 1, query: { job: 0, run: 'crawl/semaphore 100/3' } },
  ],
  ['/delay/1?job=3&run=a/b@c:d', { ms: 1, query: { job: 3, run: 'a/b@c:d' } }],
] as const)
  test(`${path} is plain`, () => {
    const text = get(path);
    assert.deepEqual(read(text), { ...expected, end: text.length });
  });

for (const [what, text] of [
  ['another route', get('/stats')],
  ['another method', get('/delay/1').replace('GET', 'HEAD')],
  ['another version', get('/delay/1').replace('1.1', '1.0')],
  ['a delay that is too long', get('/delay/600001')],
  ['a number in another form', get('/delay/1e3')],
  ['another parameter', get('/delay/1?size=5')],
  ['one more parameter', get('/delay/1?job=1&run=a&size=5')],
  ['a parameter given twice', get('/delay/1?job=1&job=2')],
  ['a run of more characters than it may have', get(`/delay/1?job=1&run=${'x'.repeat(301)}`)],
  ['a space that is written as +', get('/delay/1?job=1&run=a+b')],
  ['characters beyond ASCII', get('/delay/1?job=1&run=%C3%A9')],
  ['no host', get('/delay/1', 'Accept: */*\r\n')],
  ['no headers', get('/delay/1', '')],
  ['a body', get('/delay/1', `${HOST}Content-Length: 3\r\n`)],
  ['a body in chunks', get('/delay/1', `${HOST}transfer-encoding: chunked\r\n`)],
  ['a connection that ends', get('/delay/1', `${HOST}Connection: close\r\n`)],
  ['two wishes for the connection', get('/delay/1', `${HOST}Connection: keep-alive, close\r\n`)],
  ['another protocol', get('/delay/1', `${HOST}Upgrade: h2c\r\n`)],
  ['a client that waits before its body', get('/delay/1', `${HOST}Expect: 100-continue\r\n`)],
  ['a header over two lines', get('/delay/1', `${HOST}x: 1\r\n 2\r\n`)],
  ['a space before the colon', get('/delay/1', `${HOST}x : 1\r\n`)],
  ['a line that ends without a carriage return', get('/delay/1', `${HOST}x: 1\n`)],
  ['a header of more bytes than Node takes', get('/delay/1', `${HOST}x: ${'y'.repeat(17_000)}\r\n`)],
  ['a head that has not come to its end', get('/delay/1').slice(0, -1)],
] as const)
  test(`${what} is not plain`, () => assert.equal(read(text), null));

test('requests that came together are read one by one', () => {
  const first = get('/delay/1?job=1', `${HOST}connection: keep-alive\r\naccept: */*\r\n`);
  const readNext = createPlainReader();
  const one = readNext(first + get('/delay/2?job=2'), 0)!;
  assert.deepEqual([one.query.job, one.end], [1, first.length]);
  assert.equal(readNext(first + get('/delay/2?job=2'), one.end)?.query.job, 2);
});

test('what is known of one request changes nothing for another', () => {
  const readNext = createPlainReader();
  assert.equal(readNext(get('/delay/1?job=1&run=a'), 0)?.query.run, 'a');
  assert.equal(readNext(get('/delay/1?job=1&run=b'), 0)?.query.run, 'b');
  assert.equal(readNext(get('/delay/1', `${HOST}Connection: close\r\n`), 0), null);
  assert.equal(readNext(get('/delay/1', `${HOST}Connection: keep-alive\r\n`), 0)?.ms, 1);
});
