import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readRecord } from '../../harness/record/record-files.ts';
import { main } from '../../scripts/init.ts';
import { callHere, run } from '../fixtures/command.ts';
import { userProject } from '../fixtures/user-project.ts';

/** A folder with a package, in a git repository or in none. */
function makeFolder(t: TestContext, { git = true, lock = 'package-lock.json' } = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'overlap-init-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  if (git) assert.equal(spawnSync('git', ['init', '-q', folder]).status, 0);
  writeFileSync(join(folder, 'package.json'), '{ "name": "mine", "type": "module" }\n');
  writeFileSync(join(folder, lock), '');
  return folder;
}

const WORKFLOW = '.github/workflows/overlap.yml';
const textOf = (...path: string[]) => readFileSync(join(...path), 'utf8');

test('init writes a benchmark, a config and a workflow, and says what comes next', async (t) => {
  const folder = makeFolder(t);
  const { code, out, err } = await callHere(main, '--project', folder);
  assert.deepEqual([code, err], [0, '']);
  assert.deepEqual(out.split('\n').slice(0, 4), [
    'Wrote bench/crawl.overlap.ts',
    'Wrote overlap.config.json',
    `Wrote ${WORKFLOW}`,
    'Add this line to .gitignore: bench/results/',
  ]);
  assert.equal(JSON.parse(textOf(folder, 'overlap.config.json')).results, 'bench/results');
  const workflow = textOf(folder, WORKFLOW);
  assert.match(workflow, /- run: npm ci\n/);
  assert.match(workflow, /- run: npx overlap-bench compare --base "origin\/\$BASE"\n/);
  assert.doesNotMatch(workflow, /working-directory/);
});

test('the benchmark fits 15 lines, and runs as it is', async () => {
  const project = userProject({});
  await callHere(main, '--project', project);
  assert.ok(textOf(project, 'bench/crawl.overlap.ts').trimEnd().split('\n').length <= 15);
  const { code, err } = await run('bench', '--profile', 'smoke', '--report', 'off', '--project', project);
  assert.equal(code, 0, err);
  const { variants, samples } = readRecord(join(project, 'bench/results/latest/crawl.json'));
  assert.deepEqual(
    variants.map(({ id }) => id),
    ['reference@16', ...[5, 10, 16, 20, 50].map((limit) => `concurrency ${limit}`)],
  );
  assert.ok(samples.every(({ target, failure }) => failure === null && target.requests === 50));
});

test('init overwrites nothing', async (t) => {
  const folder = makeFolder(t);
  mkdirSync(join(folder, 'bench'));
  writeFileSync(join(folder, 'bench/crawl.overlap.ts'), 'mine');
  writeFileSync(join(folder, '.gitignore'), 'node_modules\n/bench/results/\n');
  await callHere(main, '--project', folder);
  const { code, out } = await callHere(main, '--project', folder);
  assert.equal(code, 0);
  assert.equal(textOf(folder, 'bench/crawl.overlap.ts'), 'mine');
  assert.doesNotMatch(out, /Wrote|gitignore/);
  assert.match(out, /^Kept bench\/crawl\.overlap\.ts, which exists\.$/m);
});

test('in a folder of a repository the workflow stands at the top and works in that folder', async (t) => {
  const top = makeFolder(t, { lock: 'pnpm-lock.yaml' });
  const folder = join(top, 'packages/mine');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "name": "mine" }\n');
  assert.equal((await callHere(main, '--project', folder)).code, 0);
  const workflow = textOf(top, WORKFLOW);
  assert.match(workflow, /^ {8}working-directory: packages\/mine$/m);
  assert.match(workflow, /- run: pnpm install --frozen-lockfile\n/);
  assert.match(workflow, /- run: pnpm exec overlap-bench compare /);
});

test('outside of git no workflow is written, and init says so', async (t) => {
  const folder = makeFolder(t, { git: false });
  const { code, out } = await callHere(main, '--project', folder);
  assert.equal(code, 0);
  assert.match(out, /^No workflow was written: this folder is in no git repository\.$/m);
  assert.equal(existsSync(join(folder, '.github')), false);
});
