import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../package/manifest.ts';
import { main as bench } from '../../scripts/bench.ts';
import { main as commands } from '../../scripts/dispatch.ts';
import { whyNoPostgresql } from '../../server/postgresql/missing.ts';
import { callHere, run } from '../fixtures/command.ts';
import { filesShownIn } from '../fixtures/markdown.ts';
import { OWN_CODE, userProject } from '../fixtures/user-project.ts';

const page = readFileSync(join(ROOT, 'docs/own-code.md'), 'utf8');
const files = filesShownIn(page, 'ts');

interface SummaryJson {
  readonly experiments: readonly {
    readonly id: string;
    readonly status: string;
    readonly rows: readonly {
      readonly variant: string;
      readonly target: { readonly requests: number; readonly peakInFlight: number };
    }[];
  }[];
}

test('the benchmark of the page is the one of the tests, and fits 15 lines', () => {
  const text = files.get('bench/crawl.overlap.ts')!;
  assert.equal(text, readFileSync(join(OWN_CODE, 'bench/crawl.overlap.ts'), 'utf8'));
  assert.ok(text.trimEnd().split('\n').length <= 15);
});

test('every benchmark of the page runs in a new repository, and the target counts its requests', async () => {
  const project = userProject(Object.fromEntries(files));
  const { code, err } = await run('bench', '--profile', 'smoke', '--report', 'on', '--project', project);
  assert.equal(code, 0, err);
  const latest = join(project, 'results/latest');
  const { experiments }: SummaryJson = JSON.parse(readFileSync(join(latest, 'summary.json'), 'utf8'));
  const ids = [...files.keys()].flatMap((path) => /^bench\/(.+)\.overlap\.ts$/.exec(path)?.[1] ?? []);
  const statusOf = (id: string) => (id === 'pool' && whyNoPostgresql() !== null ? 'skipped' : 'ok');
  assert.deepEqual(
    experiments.map(({ id, status }) => [id, status]),
    ids.sort().map((id) => [id, statusOf(id)]),
  );
  const [crawl] = experiments;
  assert.deepEqual(
    crawl!.rows.map(({ variant, target }) => [variant, target.requests]),
    [['reference@16', 50], ...[5, 10, 16, 20, 50].map((limit) => [`concurrency ${limit}`, 50])],
  );
  for (const { variant, target } of crawl!.rows)
    assert.ok(target.peakInFlight <= Number(variant.split(/[ @]/)[1]), variant);
  for (const name of ['report.html', 'summary.md', 'charts/crawl.png'])
    assert.ok(existsSync(join(latest, name)), name);
});

test('the commands of the page are those that there are', async () => {
  const { out } = await callHere(commands);
  const names = [...page.matchAll(/npx overlap-bench ([a-z-]+)/g)].map(([, name]) => name!);
  assert.ok(names.length > 4);
  for (const name of names) assert.match(out, new RegExp(`^ {2}${name} `, 'm'));
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  assert.ok(page.includes(`./vendor/overlap-bench-${version}.tgz`));
});

test('every row that the page shows is one of its benchmark', async () => {
  const project = userProject(Object.fromEntries(files));
  const { out } = await callHere(bench, '--list', '--project', project);
  assert.match(out, /^crawl: How many requests at once should crawlAll send\?$/m);
  const shown = [...page.matchAll(/^(reference@\d+|concurrency \d+) /gm)].map(([, name]) => name);
  assert.deepEqual(shown, ['reference@16', ...[5, 10, 16, 20, 50].map((limit) => `concurrency ${limit}`)]);
});
