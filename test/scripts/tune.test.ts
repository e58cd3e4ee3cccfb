import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readTuneRecord } from '../../harness/tune/tune-record.ts';
import { main } from '../../scripts/tune.ts';
import { startServer } from '../../server/latency/server.ts';
import { callHere, start } from '../fixtures/command.ts';
import { childrenOf, until } from '../fixtures/processes.ts';

const folder = mkdtempSync(join(tmpdir(), 'overlap-tune-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const MODULES = join(import.meta.dirname, '../fixtures/tune/modules');
const modulePath = (name: string) => join(MODULES, `${name}.ts`);

/** Runs a search; its results go to a folder of its own. */
async function tune(...args: string[]) {
  const out = mkdtempSync(join(folder, 'out-'));
  const ended = await callHere(main, ...args, '--out', out);
  assert.deepEqual(
    childrenOf(process.pid).filter(({ command }) => command.includes('load.ts')),
    [],
    'nothing outlives a search',
  );
  return { ...ended, out: ended.out, directory: out };
}

/** Each refusal is one sentence on standard error, and nothing else. */
async function refused(pattern: RegExp, ...args: string[]): Promise<void> {
  const { code, out, err } = await tune(...args);
  const sentences = err
    .trimEnd()
    .split('\n')
    .filter((line) => !line.startsWith('At most '));
  assert.deepEqual([code, out, sentences.length], [1, '', 1], err);
  assert.match(sentences[0]!, pattern);
}

test('what is no address and no file is refused', async () => {
  await refused(/^nosuch\.ts is neither an address, as .*, nor a file\.$/, 'nosuch.ts');
  await refused(/^http:\/\/ is not an address\.$/, 'http://');
  await refused(/^ftp:\/\/ is not known here; give http, https, postgresql, or the path/, 'ftp://127.0.0.1/');
  await refused(/^A database needs --query/, 'postgresql://127.0.0.1/x');
  await refused(/^--query goes with a postgresql:/, 'http://127.0.0.1:9/', '--query', 'select 1');
  await refused(/^--method, --header and --body go with /, modulePath('fails'), '--method', 'POST');
});

test('an address at which nothing listens, or with an unknown host, is refused', async () => {
  await refused(
    /^Nothing listens at http:\/\/127\.0\.0\.1:9; start the server first\.$/,
    'http://127.0.0.1:9/',
  );
  await refused(
    /^There is no host of that name: http:\/\/no-such-host\.invalid\.$/,
    'http://no-such-host.invalid/',
  );
});

test('a certificate that is not trusted is refused', async () => {
  const server = await startServer({ port: '0', protocol: 'https' } as never);
  try {
    await refused(
      /^The certificate of https:\S+ is not trusted \(\w+\); NODE_EXTRA_CA_CERTS=FILE adds one/,
      `${server.origin}/delay/1`,
    );
  } finally {
    await server.close(0);
  }
});

test('a redirect, and an answer that is an error, are refused after one request', async () => {
  let requests = 0;
  let agent = '';
  const server = createServer((request, response) => {
    requests += 1;
    agent = request.headers['user-agent'] ?? '';
    if (request.url === '/gone') response.writeHead(404).end();
    else response.writeHead(302, { location: 'http://elsewhere.invalid/' }).end();
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    await refused(
      / redirects to http:\/\/elsewhere\.invalid\/; give that address, since tune follows no redirect\.$/,
      `${origin}/`,
    );
    await refused(/ answers 404 to a single request; tune needs one that succeeds\.$/, `${origin}/gone`);
  } finally {
    server.close();
  }
  assert.equal(requests, 2);
  assert.match(agent, /^overlap-bench\/\d/);
});

test('another machine is asked nothing without --yes and a budget', async () => {
  for (const given of [[], ['--yes'], ['--requests', '2000']]) {
    const { code, out, err } = await tune('http://192.0.2.1/', ...given);
    assert.deepEqual([code, out], [1, '']);
    assert.match(
      err,
      /^At most 2000 requests to 192\.0\.2\.1, 256 at once, for 60 s: .* Nothing was tuned: to allow that, run npm run tune -- http:\S+ --yes --requests 2000\n$/,
    );
  }
});

const server = await startServer({ port: '0' } as never);
after(() => server.close(0));
process.env.TUNE_ORIGIN = server.origin;

test('a module that cannot be used is refused', async () => {
  await refused(
    / has no default export that is a function; write export default async /,
    modulePath('no-default'),
  );
  await refused(/ cannot be imported; it throws: no key was found\.$/, modulePath('throws-at-import'));
  await refused(/^The jobs of .* must be a list with at least one job\.$/, modulePath('no-jobs'));
  await refused(/^A job of .* fails: there is no user 1\.$/, modulePath('fails'));
  await refused(
    /^A job of .* resolves before its request is answered; await the request/,
    modulePath('too-early'),
  );
  await refused(/ ended with exit code 7\.$/, modulePath('ends-the-process'));
});

test('a job that never ends is refused after its time limit', async () => {
  await refused(
    /^A job of .* did not end within 0\.3 s; --job-limit allows more\.$/,
    modulePath('never-ends'),
    '--job-limit',
    '300',
  );
});

test('a job that keeps the loop busy is ended from outside', async () => {
  await refused(
    /^The jobs keep the event loop busy without an end; /,
    modulePath('busy-for-ever'),
    '--job-limit',
    '300',
  );
});

const elsewhere = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

test('a module whose job leaves this machine sends that one job, and asks', {
  skip: elsewhere === undefined && 'this machine has no address besides loopback',
}, async () => {
  let requests = 0;
  const own = createServer((_request, response) => {
    requests += 1;
    response.end('x');
  }).listen(0, elsewhere);
  await new Promise((resolve) => own.once('listening', resolve));
  process.env.TUNE_ELSEWHERE = `http://${elsewhere}:${(own.address() as AddressInfo).port}/`;
  try {
    const { code, out, err } = await tune(modulePath('elsewhere'));
    assert.deepEqual([code, out], [1, '']);
    assert.match(err, /^At most 2000 requests to [\d.]+, .* Nothing was tuned: to allow that, run /m);
    assert.equal(requests, 1);
    const allowed = await tune(modulePath('elsewhere'), '--yes', '--requests', '60', '--json');
    assert.equal(allowed.code, 0, allowed.err);
    assert.ok(requests > 20 && requests <= 61, String(requests));
  } finally {
    own.close();
  }
});

test('files of this process that are used up are named', {
  skip: process.platform === 'win32' && 'it needs ulimit',
}, () => {
  const out = mkdtempSync(join(folder, 'files-'));
  const command = `ulimit -n 60 && exec '${process.execPath}' scripts/tune.ts ${server.origin}/delay/20 --json --report off --out ${out}`;
  return new Promise<void>((resolve, reject) => {
    execFile('sh', ['-c', command], { cwd: join(import.meta.dirname, '../..') }, (error, stdout, stderr) => {
      try {
        assert.equal(error, null, stderr);
        const { limit, reason } = JSON.parse(stdout);
        assert.equal(reason, 'files');
        assert.ok(limit >= 4 && limit <= 32, String(limit));
        resolve();
      } catch (failed) {
        reject(failed);
      }
    });
  });
});

test('an address is tuned: the sentence, the table, and a record of every job', async () => {
  const { code, out, err, directory } = await tune(`${server.origin}/delay/5`, '--max', '4', '--seed', '1');
  assert.equal(code, 0, err);
  assert.match(out, /^(Use \d+ at once|No limit was reached: \d+ at once)/);
  assert.match(out, /^at once +steps +a second +closed-loop latency +failed$/m);
  assert.match(
    err,
    /^At most 10000 requests to http:\S+, 4 at once, for 60 s: enough for answers up to about 4\.$/m,
  );
  const record = readTuneRecord(directory)!;
  assert.deepEqual([record.seed, record.budget.most, record.target.kind], [1, 4, 'http']);
  const jobs = record.steps.reduce((sum, { samples }) => sum + samples.length, 0);
  assert.equal(record.requests, jobs + 1);
  for (const { samples } of record.steps)
    for (const [startMs, endMs] of samples) assert.ok(endMs - startMs >= 4.9);
  assert.equal(record.words[0], out.split('\n')[0]);
});

test('--json prints the answer alone', async () => {
  const { code, out, err } = await tune(`${server.origin}/delay/5`, '--max', '2', '--json');
  assert.deepEqual([code, err], [0, '']);
  const answer = JSON.parse(out);
  assert.deepEqual(Object.keys(answer), ['limit', 'low', 'high', 'reason', 'requests', 'seconds']);
  assert.ok(answer.requests > 20 && answer.seconds > 0);
});

test('a budget is never exceeded, and what it allowed is shown', async () => {
  const seen = async () =>
    ((await (await fetch(`${server.origin}/stats`)).json()) as { requests: number }).requests;
  await fetch(`${server.origin}/stats`, { method: 'DELETE' });
  const { code, out } = await tune(`${server.origin}/delay/5`, '--requests', '60', '--json');
  assert.equal(code, 0);
  assert.equal(JSON.parse(out).reason, 'not-reached');
  assert.ok((await seen()) <= 60);
  await refused(
    /^Nothing could be measured: --requests allows too few\.$/,
    `${server.origin}/delay/5`,
    '--requests',
    '5',
  );
});

test('a limit hidden in the client is named, and not taken for the target', async () => {
  const { code, out, err } = await tune(modulePath('inner-limit'), '--max', '64');
  assert.equal(code, 0, err);
  assert.match(out, /^Use 8 at once \(\d+ to \d+\)\.$/m);
  assert.match(out, /hidden limit of 8/);
});

test('a module has its jobs, its set-up, its end and its own judgement', async () => {
  const log = join(folder, 'log');
  process.env.TUNE_LOG = log;
  const { code, out, err } = await tune(modulePath('whole'), '--json');
  assert.equal(code, 0, err);
  const { limit, reason } = JSON.parse(out);
  assert.deepEqual([limit, reason], [4, 'refused']);
  const lines = readFileSync(log, 'utf8').trim().split('\n');
  assert.deepEqual([lines[0], lines[1], lines[2], lines.at(-1)], ['setup', 'job a', 'job b', 'teardown']);
});

test('after a 429 nothing is sent until its Retry-After', async () => {
  const arrivals: number[] = [];
  let refusedMs = 0;
  const limited = createServer((_request, response) => {
    const nowMs = performance.now();
    arrivals.push(nowMs);
    if (arrivals.length === 100 || (refusedMs > 0 && nowMs < refusedMs + 1000)) {
      refusedMs ||= nowMs;
      response.writeHead(429, { 'retry-after': '1' }).end();
    } else setTimeout(() => response.end('x'), 10);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => limited.once('listening', resolve));
  try {
    const { code, out } = await tune(
      `http://127.0.0.1:${(limited.address() as AddressInfo).port}/`,
      '--json',
    );
    assert.equal(code, 0);
    assert.equal(JSON.parse(out).reason, 'refused');
  } finally {
    limited.close();
  }
  const later = arrivals.filter((atMs) => atMs > refusedMs + 200);
  assert.ok(later.length > 0);
  assert.ok(Math.min(...later) >= refusedMs + 1000);
});

test('--arrivals offers an open loop, and tells its percentiles', async () => {
  const { code, out, directory } = await tune(
    `${server.origin}/delay/5`,
    '--max',
    '2',
    '--arrivals',
    '--requests',
    '400',
  );
  assert.equal(code, 0);
  assert.match(
    out.replaceAll('\n', ' '),
    /Open loop, \S+ a second, \d+ jobs, from the intended start: 50 % /,
  );
  const { arrivals } = readTuneRecord(directory)!;
  assert.equal(arrivals.length, 2);
  for (const { arrivals: jobs } of arrivals)
    for (const [intendedMs, startMs] of jobs) assert.ok(startMs >= intendedMs);
});

test('Ctrl-C keeps and shows what there is, with exit code 130', async () => {
  const out = join(folder, 'interrupted');
  const { child, output, ended } = start('tune', [`${server.origin}/delay/200`, '--out', out]);
  await until('two steps', () => output.err.includes('2 at once'), 60_000);
  child.kill('SIGINT');
  const { code, out: printed } = await ended;
  assert.equal(code, 130);
  assert.match(printed, /Interrupted\./);
  assert.equal(readTuneRecord(out)?.ending, 'interrupted');
  assert.ok(existsSync(join(out, 'tune.json')));
});
