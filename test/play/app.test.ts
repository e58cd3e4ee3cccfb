import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, test } from 'node:test';
import { type RunningApp, startApp } from '../../play/app.ts';
import { STRATEGIES } from '../../play/choices.ts';
import type { Outcome, RunEvent } from '../../play/events.ts';
import { whyRefused } from '../../play/guards.ts';
import { childrenOf, until } from '../fixtures/processes.ts';

const GRACE_MS = 100;
let app: RunningApp;
before(async () => {
  app = await startApp(0, GRACE_MS);
});
after(() => app.close());

interface Answer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly text: string;
}

/** As a browser would ask, unless a header says otherwise; fetch does not let one set Host. */
function ask(
  method: string,
  path: string,
  headers: Record<string, string | undefined> = {},
  body = '',
): Promise<Answer> {
  const own = { origin: app.origin, 'content-type': 'application/json' };
  const sent = Object.entries({ ...(method === 'POST' ? own : {}), ...headers }).filter(
    ([, value]) => value !== undefined,
  );
  return new Promise((resolve, reject) => {
    const asked = request(
      `${app.origin}${path}`,
      { method, headers: Object.fromEntries(sent) as Record<string, string> },
      (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (part) => {
          text += part;
        });
        answer.on('end', () => resolve({ status: answer.statusCode!, headers: answer.headers, text }));
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Watches until something has happened. */
async function watch(
  until: (event: RunEvent) => boolean,
  begin: () => Promise<unknown>,
): Promise<RunEvent[]> {
  const leaving = new AbortController();
  const { body } = await fetch(`${app.origin}/events`, { signal: leaving.signal });
  const seen: RunEvent[] = [];
  let text = '';
  let begun = false;
  try {
    for await (const part of body!.pipeThrough(new TextDecoderStream())) {
      text += part;
      const messages = text.split('\n\n');
      text = messages.pop()!;
      for (const message of messages) {
        // The first message is what happened before.
        if (begun) seen.push(...(JSON.parse(message.replace(/^data: /, '')) as RunEvent[]));
        else begin();
        begun = true;
        if (seen.some(until)) return seen;
      }
    }
    throw new Error('The stream ended.');
  } finally {
    leaving.abort();
  }
}

const isOver = ({ type }: RunEvent) => type === 'done' || type === 'stopped';
const start = (choices: object) => ask('POST', '/run', {}, JSON.stringify(choices));

const FOREIGN: [string, string, Record<string, string | undefined>][] = [
  ['another Host, as when a name is bound anew', 'GET', { host: 'evil.example' }],
  ['another port in Host', 'GET', { host: '127.0.0.1:1' }],
  ['another Origin', 'GET', { origin: 'http://evil.example' }],
  ['the Origin of another port', 'POST', { origin: 'http://127.0.0.1:1' }],
  ['the Origin null, as of a sandboxed frame or a file', 'POST', { origin: 'null' }],
  ['no Origin at all', 'POST', { origin: undefined }],
];
for (const [what, method, headers] of FOREIGN)
  test(`a request with ${what} is refused`, async () => {
    for (const path of method === 'GET' ? ['/', '/events', '/nosuch'] : ['/run', '/stop']) {
      const { status, text } = await ask(method, path, headers, '{}');
      assert.equal(status, 403, path);
      assert.match(JSON.parse(text).error, /^[A-Z][^\n]+\w\.$/);
    }
  });

test('what another site embeds without an Origin is refused, and following a link is not', () => {
  const port = 8001;
  const asked = (url: string, site: string) =>
    whyRefused({ method: 'GET', url, port, headers: { host: 'localhost:8001', 'sec-fetch-site': site } });
  assert.equal(asked('/events', 'cross-site')?.status, 403);
  assert.equal(asked('/events', 'same-site')?.status, 403);
  assert.equal(asked('/events', 'same-origin'), null);
  assert.equal(asked('/', 'cross-site'), null);
});

test('a form of another site cannot pass for the page', async () => {
  const { status } = await ask('POST', '/run', { 'content-type': 'text/plain' }, '{}');
  assert.equal(status, 415);
  assert.equal((await ask('POST', '/run', { 'content-type': undefined }, '{}')).status, 415);
});

test('the page may run what is in it, speak to us alone, and stand in no frame', async () => {
  const { status, headers } = await ask('GET', '/');
  assert.equal(status, 200);
  const policy = String(headers['content-security-policy']);
  assert.match(policy, /default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'/);
  assert.match(policy, /connect-src 'self'.*frame-ancestors 'none'/);
  assert.doesNotMatch(policy, /unsafe/);
  assert.equal(headers['x-frame-options'], 'DENY');
});

test('bad choices are refused in one sentence before anything starts', async () => {
  for (const [body, pattern] of [
    ['{"requests":501}', /^requests must be <= 500\.$/],
    ['{"strategy":"nosuch"}', /^strategy must be one of serial, /],
    ['[]', /must be one JSON object/],
    ['{', /JSON/],
    [`{"strategy":"${'x'.repeat(20_000)}"}`, /too large/],
  ] as const) {
    const { status, text } = await ask('POST', '/run', {}, body);
    assert.ok(status === 400 || status === 413, text);
    assert.match(JSON.parse(text).error, pattern);
  }
  assert.equal((await ask('GET', '/nosuch')).status, 404);
});

for (const strategy of Object.keys(STRATEGIES) as (keyof typeof STRATEGIES)[])
  test(`${strategy} runs: each request leaves once and is answered once, as the target saw`, async () => {
    const choices = { strategy, requests: 12, latencyMs: 5, limit: 4, sliceMs: 1, distribution: 'uniform' };
    const events = await watch(isOver, () => start(choices));
    const jobsOf = (type: string) =>
      events.flatMap((event) => (event.type === type && 'job' in event ? event.job : []));
    const all = Array.from({ length: 12 }, (_, job) => job);
    for (const type of ['computing', 'computed', 'sent', 'answered'])
      assert.deepEqual(
        jobsOf(type).toSorted((one, other) => one - other),
        all,
        type,
      );
    const last = events.at(-1)! as { type: string; outcome: Outcome };
    assert.equal(last.type, 'done');
    assert.equal(last.outcome.answers, 12);
    assert.equal(last.outcome.target.requests, 12);
    const most = { serial: 1, 'promise-all': 12, semaphore: 4, batches: 4, interleaved: 4, adaptive: 4 }[
      strategy
    ];
    assert.ok(last.outcome.target.peakInFlight >= 1 && last.outcome.target.peakInFlight <= most);
    assert.ok(events.some(({ type }) => type === 'begun'));
  });

test('a page that comes late is told all of the last run', async () => {
  const leaving = new AbortController();
  const { body } = await fetch(`${app.origin}/events`, { signal: leaving.signal });
  let text = '';
  for await (const part of body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (text.endsWith('\n\n')) break;
  }
  leaving.abort();
  const events = JSON.parse(text.replace(/^data: /, '')) as RunEvent[];
  assert.equal(events[0]!.type, 'preparing');
  assert.equal(events.at(-1)!.type, 'done');
});

const processes = () =>
  childrenOf(process.pid).filter(({ command }) => /player\.ts|server[\\/]latency[\\/]main/.test(command));

test('one run at a time; it is stopped when somebody says so, and its processes are gone', async () => {
  const long = { strategy: 'serial', requests: 500, latencyMs: 1000 };
  const events = await watch(isOver, async () => {
    assert.equal((await start(long)).status, 202);
    const second = await start(long);
    assert.equal(second.status, 409);
    assert.match(JSON.parse(second.text).error, /A run is under way/);
    assert.equal((await ask('POST', '/stop', {}, '{}')).status, 200);
    assert.deepEqual(processes(), []);
  });
  assert.deepEqual(events.at(-1), { type: 'stopped', reason: 'Stopped.' });
});

test('a run without a watching page is stopped', async () => {
  await watch(
    ({ type }) => type === 'begun',
    () => start({ strategy: 'serial', requests: 500, latencyMs: 1000 }),
  );
  await until('both processes', () => processes().length === 2);
  await until('its end', () => processes().length === 0);
  // Its processes are gone a moment before it is over.
  await ask('POST', '/stop', {}, '{}');
  assert.equal((await start({ requests: 1, latencyMs: 0 })).status, 202);
  await ask('POST', '/stop', {}, '{}');
});
