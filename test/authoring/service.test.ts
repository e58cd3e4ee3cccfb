/** Benchmarks of a function against a URL of its author's own service. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readRecord } from '../../harness/record/record-files.ts';
import { main as bench } from '../../scripts/bench.ts';
import { main as compare } from '../../scripts/compare.ts';
import { callHere, run } from '../fixtures/command.ts';
import { commitAll, noGit } from '../fixtures/git.ts';
import { lock } from '../fixtures/own-repository.ts';
import { OWN_CODE, userProject } from '../fixtures/user-project.ts';

/** What Node's fetch calls itself; Overlap's own client sends no name. */
const FETCH = 'node';
let paths: string[] = [];
const service = createServer((request, response) => {
  paths.push(request.url!);
  const isOwn = request.headers['user-agent'] === FETCH;
  if (isOwn && request.url === '/hangs') return;
  response.writeHead(isOwn && request.url === '/fails' ? 500 : 200);
  setTimeout(() => response.end('{}'), 5);
});

/** A benchmark of the function of the page, against a URL. */
const benchmarkOf = (api: object, more = '') => `import { defineBenchmark } from 'overlap-bench';
import { crawlAll } from '../src/crawl.ts';
export default defineBenchmark({
  question: 'How many?',
  api: ${JSON.stringify(api)},
  requests: 10,
  vary: { concurrency: [2, 5] },
  ${more}
  run: (urls, { concurrency }) => crawlAll(urls, { concurrency }),
});
`;

service.listen(0, '127.0.0.1');
await once(service, 'listening');
const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
const api = { latencyMs: 5, capacity: 4 };
const project = userProject(
  {
    'package-lock.json': lock('crawler'),
    '.gitignore': 'node_modules\nresults\n',
    'bench/items.overlap.ts': benchmarkOf({ ...api, url: `${url}/items?page=1` }),
    'bench/fails.overlap.ts': benchmarkOf({ ...api, url: `${url}/fails` }),
    'bench/hangs.overlap.ts': benchmarkOf({ ...api, url: `${url}/hangs` }, 'timeLimitMs: 1000,'),
    'bench/down.overlap.ts': benchmarkOf({ ...api, url: 'http://127.0.0.1:1/' }),
    'bench/foreign.overlap.ts': benchmarkOf({ ...api, url: 'http://example.com/items' }),
    'bench/spent.overlap.ts': benchmarkOf({ ...api, url: 'http://example.com/items', maxRequests: 50 }),
  },
  { src: join(OWN_CODE, 'src') },
);
after(() => {
  service.closeAllConnections();
  service.close();
});

const recordOf = (id: string) => readRecord(join(project, 'results/latest', `${id}.json`));

test('a service is measured through the relay, which sees what the checks need', async () => {
  paths = [];
  const { code, err } = await run('bench', 'items', '--profile', 'smoke', '--project', project);
  assert.equal(code, 0, err);
  const { variants, samples, status, targets } = recordOf('items');
  assert.equal(status, 'ok');
  assert.equal(targets.api!.kind, 'relay');
  assert.deepEqual(
    variants.map(({ id }) => id),
    ['reference@4', 'concurrency 2', 'concurrency 5'],
  );
  // Two rounds of three rows, of which the first runs twice.
  assert.equal(samples.length, 8);
  assert.deepEqual(new Set(paths), new Set(['/items?page=1']));
  assert.equal(paths.length, 80);
  for (const { target, hold, boundMs, wallMs, failure } of samples) {
    assert.equal(failure, null);
    assert.equal(target.requests, 10);
    assert.ok(hold.shortestMs >= 3 && boundMs <= wallMs, `${hold.shortestMs} ${boundMs} ${wallMs}`);
  }
});

test('a service that fails, hangs or is down has one sentence each', async () => {
  const names = ['fails', 'hangs', 'down'];
  const { code, err } = await run('bench', ...names, '--profile', 'smoke', '--project', project);
  assert.equal(code, 1, err);
  const sentences = {
    fails: /: 10 jobs failed: the service answered 500 to GET \/fails\.$/,
    hangs: /: 10 jobs failed: the service did not answer GET \/hangs within 1 s\.$/,
    down: /^down could not start: .*The service at http:\/\/127\.0\.0\.1:1 cannot be reached \(ECONNREFUSED\); start it first\.\)\.$/,
  };
  for (const [name, sentence] of Object.entries(sentences)) {
    const { status, reason } = recordOf(name);
    assert.equal(status, 'errored', name);
    assert.match(reason!, sentence);
    assert.ok(err.includes(reason!), err);
  }
});

test('another machine is refused before work starts, unless the run stays within a budget', async () => {
  const asked = (...more: string[]) => callHere(bench, ...more, '--profile', 'smoke', '--project', project);
  const foreign = await asked('foreign');
  assert.equal(foreign.code, 1);
  assert.equal(
    foreign.err,
    'foreign, target api: example.com is not this machine, so state with maxRequests how many requests a run may send there.\n',
  );
  const spent = await asked('spent');
  assert.equal(spent.code, 1);
  assert.equal(
    spent.err,
    'spent would send 80 requests to its target api, which may get 50: measure fewer rounds or requests, or state a larger budget.\n',
  );
});

test('compare --base takes no benchmark with a budget', { skip: noGit }, async () => {
  commitAll(project);
  const { code, err } = await callHere(
    compare,
    ...['spent', '--base', 'HEAD', '--profile', 'smoke', '--project', project],
  );
  assert.equal(code, 1);
  assert.match(
    err,
    /^spent has a budget of requests, and --base measures as many rounds as verdicts take; compare two runs of bench instead\.$/m,
  );
});
