import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, createServer as createListener } from 'node:net';
import { after, test } from 'node:test';
import { startRelay } from '../../../server/relay/relay.ts';
import openWitness from '../../../server/relay/witness.ts';

/** Starts a service of a user, a relay before it, and its witness; all end after the test. */
async function start(
  listener: RequestListener,
  options: { answerLimitMs?: number; maxRequests?: number } = {},
) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const service = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const relay = await startRelay({ origin: service, answerLimitMs: 60_000, ...options });
  after(() => relay.close());
  const { origin } = relay;
  const witness = openWitness({ origin, certificate: null });
  await witness.forget();
  return { origin, service, server, witness };
}

const get = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  return { status: response.status, text: await response.text(), headers: response.headers };
};

test('a request goes on without the part that names its job, and its answer comes back', async () => {
  const seen: unknown[] = [];
  const { origin, witness } = await start((request, response) => {
    const { method, url } = request;
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      seen.push([method, url, body, request.headers['user-agent'], request.headers.host]);
      response.writeHead(201, { 'x-own': 'yes', 'set-cookie': ['a=1', 'b=2'] }).end(`to ${url}`);
    });
  });
  const headers = { 'user-agent': 'crawler/1.2' };
  const got = await get(`${origin}/job/7/crawl%2F1/items?page=2`, { headers });
  assert.deepEqual([got.status, got.text, got.headers.get('x-own')], [201, 'to /items?page=2', 'yes']);
  assert.deepEqual(got.headers.getSetCookie(), ['a=1', 'b=2']);
  await get(`${origin}/base/crawl%2F1/items/users/ada`, { method: 'POST', body: 'hello', headers });
  const host = seen.map((one) => (one as string[])[4]);
  assert.deepEqual(seen, [
    ['GET', '/items?page=2', '', 'crawler/1.2', host[0]],
    ['POST', '/items/users/ada', 'hello', 'crawler/1.2', host[0]],
  ]);
  assert.ok(!origin.endsWith(host[0]!), host[0]);
  const { requests, failure, connections } = await witness.evidence();
  assert.deepEqual(
    requests.map(({ job, run }) => [job, run]),
    [
      [7, 'crawl/1'],
      [0, 'crawl/1'],
    ],
  );
  assert.ok(
    requests.every(
      ({ arrivedMs, startedMs, releasedMs }) => arrivedMs <= startedMs! && startedMs! < releasedMs!,
    ),
  );
  assert.equal(failure, undefined);
  assert.ok(connections.used >= 1 && connections.used <= 2);
});

test('holds, requests in flight and connections are those of the requests that were passed on', async () => {
  const { origin, witness } = await start(
    (_request, response) => void setTimeout(() => response.end('late'), 30),
  );
  await get(`${origin}/open`);
  await Promise.all(Array.from({ length: 5 }, (_, job) => get(`${origin}/job/${job}/run/`)));
  const evidence = await witness.evidence();
  assert.equal(evidence.requests.length, 5);
  assert.ok(evidence.peakInFlight! >= 1 && evidence.peakInFlight! <= 5);
  assert.ok(evidence.connections.used >= 1 && evidence.connections.used <= 5);
  for (const { arrivedMs, releasedMs } of evidence.requests) assert.ok(releasedMs! - arrivedMs >= 25);
  assert.equal(await witness.inFlight(), 0);
  await witness.forget();
  assert.deepEqual((await witness.evidence()).requests, []);
});

test('a service that answers 500 is a failure with its first request, unless the job gets a good answer later', async () => {
  let bad = true;
  const { origin, witness } = await start((_request, response) =>
    response.writeHead(bad ? 500 : 200).end('x'),
  );
  assert.deepEqual([(await get(`${origin}/job/0/run/items`)).status], [500]);
  await get(`${origin}/job/1/run/items`);
  assert.equal((await witness.evidence()).failure, '2 jobs failed: the service answered 500 to GET /items');
  bad = false;
  await get(`${origin}/job/0/run/items`);
  await get(`${origin}/job/1/run/items`);
  assert.equal((await witness.evidence()).failure, undefined);
});

test('a service that hangs is a failure after the time limit, and is not asked again for this sample', async () => {
  let requests = 0;
  const { origin, witness } = await start(
    (_request, response) => {
      requests += 1;
      if (requests > 1) response.end();
    },
    { answerLimitMs: 50 },
  );
  const { status, text } = await get(`${origin}/job/0/run/items`);
  assert.deepEqual([status, text], [504, 'The service did not answer GET /items within 1 s.']);
  assert.equal((await get(`${origin}/job/1/run/items`)).status, 504);
  assert.equal(requests, 1);
  assert.equal(
    (await witness.evidence()).failure,
    '2 jobs failed: the service did not answer GET /items within 1 s',
  );
  await witness.forget();
  assert.equal((await get(`${origin}/job/0/run/items`)).status, 200);
});

test('a service that breaks connections is a failure, and so is a redirect, which is not followed', async () => {
  const { origin, witness } = await start((request, response) => {
    if (request.url === '/moved') response.writeHead(302, { location: 'http://example.com/' }).end();
    else request.socket.destroy();
  });
  const broken = await get(`${origin}/job/0/run/items`);
  assert.equal(broken.status, 502);
  assert.match(broken.text, /^The service gave no answer to GET \/items \(.+\)\.$/);
  assert.match((await witness.evidence()).failure!, /^the service gave no answer to GET \/items \(.+\)$/);
  await witness.forget();
  await get(`${origin}/job/1/run/moved`);
  assert.equal(
    (await witness.evidence()).failure,
    'the service redirects GET /moved to http://example.com/, and no redirect is followed',
  );
});

test('a client that leaves ends the request at the service, which then has no answer', async () => {
  const left = Promise.withResolvers<void>();
  const { origin, witness } = await start((_request, response) => void response.once('close', left.resolve));
  await assert.rejects(fetch(`${origin}/job/0/run/`, { signal: AbortSignal.timeout(50) }));
  await left.promise;
  const [request] = (await witness.evidence()).requests;
  assert.equal(request!.releasedMs, null);
});

test('no request is sent beyond the most that a run may send', async () => {
  let requests = 0;
  const { origin, witness } = await start(
    (_request, response) => {
      requests += 1;
      response.end();
    },
    { maxRequests: 2 },
  );
  for (const job of [0, 1, 2]) await get(`${origin}/job/${job}/run/`);
  assert.equal(requests, 2);
  assert.equal((await witness.evidence()).failure, 'all 2 requests of maxRequests were sent before GET /');
});

test('a service that is down is told before anything is sent, and so is another machine without a budget', async () => {
  const taken = createListener().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  await new Promise((resolve) => taken.close(resolve));
  await assert.rejects(startRelay({ origin: `http://127.0.0.1:${port}`, answerLimitMs: 1000 }), {
    message: `The service at http://127.0.0.1:${port} cannot be reached (ECONNREFUSED); start it first.`,
  });
  await assert.rejects(startRelay({ origin: 'http://example.com', answerLimitMs: 1000 }), {
    message:
      'example.com is not this machine, so state with maxRequests how many requests a run may send there.',
  });
  for (const origin of ['ftp://127.0.0.1', 'http://127.0.0.1/items', 'nothing'])
    await assert.rejects(startRelay({ origin, answerLimitMs: 1000 }), /^Error: origin must be like/);
});

test('a path that names no sample is refused', async () => {
  const { origin, witness } = await start((_request, response) => response.end());
  for (const path of ['/items', '/job/x/run/', '/job/1', '/base/'])
    assert.equal((await get(`${origin}${path}`)).status, 404, path);
  assert.deepEqual((await witness.evidence()).requests, []);
});
