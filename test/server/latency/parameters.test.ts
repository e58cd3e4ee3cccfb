import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { Client } from 'undici';
import { type RunningServer, startServer } from '../../../server/latency/server.ts';

let server: RunningServer;
let client: Client;
before(async () => {
  server = await startServer();
  client = new Client(server.origin);
});
after(async () => {
  await client.destroy();
  await server.close(0);
});

async function ask(path: string) {
  const { statusCode, body } = await client.request({ method: 'GET', path });
  return { statusCode, answer: (await body.json()) as { error?: string; delayMs?: number } };
}

const text = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.double().map(String),
  fc.constantFrom(
    '',
    ' 1',
    '1e9',
    '-1',
    'NaN',
    'Infinity',
    '-Infinity',
    '0x10',
    '1,5',
    'null',
    '[]',
    '10',
    '0.5',
  ),
);

const DECIMAL = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;

for (const [name, isGood] of [
  ['job', (it) => DECIMAL.test(it) && Number.isSafeInteger(Number(it)) && Number(it) >= 0],
  [
    'size',
    (it) => DECIMAL.test(it) && Number.isInteger(Number(it)) && Number(it) >= 0 && Number(it) <= 10_485_760,
  ],
  [
    'status',
    (it) => DECIMAL.test(it) && Number.isInteger(Number(it)) && Number(it) >= 400 && Number(it) <= 599,
  ],
] as [string, (text: string) => boolean][])
  test(`${name}: what is a whole number within its range is taken, all else is named in one sentence`, () =>
    fc.assert(
      fc.asyncProperty(text, async (it) => {
        const { statusCode, answer } = await ask(`/delay/0?${name}=${encodeURIComponent(it)}`);
        assert.equal(statusCode, isGood(it) ? 200 : 400, it);
        if (statusCode === 400) assert.match(answer.error!, new RegExp(`^${name} [^\\n]*\\.$`));
      }),
      { numRuns: 200 },
    ));

test('ms: a delay within its range is taken as it is, all else is refused', () =>
  fc.assert(
    fc.asyncProperty(fc.oneof(text, fc.double({ min: 0, max: 3, noNaN: true }).map(String)), async (it) => {
      fc.pre(!/^\.{0,2}$/.test(it) && !(Number(it) > 5 && Number(it) <= 600_000));
      const { statusCode, answer } = await ask(`/delay/${encodeURIComponent(it)}`);
      const good = DECIMAL.test(it) && Number(it) >= 0 && Number(it) <= 5;
      assert.equal(statusCode, good ? 200 : 400, it);
      if (good) assert.equal(answer.delayMs, Number(it));
      else assert.match(answer.error!, /^ms [^\n]*\.$/);
    }),
    { numRuns: 200 },
  ));

for (const [query, sentence] of [
  ['distribution=cauchy', /^distribution must be one of fixed, uniform, normal, /],
  ['distribution=fixed&distribution=fixed', /^distribution must be given once\.$/],
  ['job=1&job=2', /^job must be given once\.$/],
  ['distribution=lognormal', /^sigma must be given with distribution=lognormal\.$/],
  ['jitter=5', /^jitter goes with distribution=uniform, not with fixed\.$/],
  ['distrbution=fixed', /^distrbution is not a parameter here; there is job, run, distribution, /],
  ['__proto__=1', /^__proto__ is not a parameter here; there is job, /],
  ['size=0x10', /^size must be integer\.$/],
  ['fault=reset:2', /^fault must be like reset:0\.1/],
] as const)
  test(`?${query} is refused in one sentence that names the parameter`, async () => {
    const { statusCode, answer } = await ask(`/delay/0?${query}`);
    assert.equal(statusCode, 400);
    assert.match(answer.error!, sentence);
  });

test('a path that cannot be decoded is refused in the same shape', async () => {
  const { statusCode, answer } = await ask('/delay/%');
  assert.equal(statusCode, 400);
  assert.match(answer.error!, /%/);
});
