/** The steps of the workflow that keep the history on a branch of its own, against a repository that stands for GitHub. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { gitVariables } from '../../harness/measure/process/variables.ts';
import { git, noGit } from '../fixtures/git.ts';
import { commit, writeFiles } from '../fixtures/own-repository.ts';

const workflow = readFileSync(join(import.meta.dirname, '../../.github/workflows/history.yml'), 'utf8');
const scratch = mkdtempSync(join(tmpdir(), 'overlap-workflow-'));
after(() => rmSync(scratch, { recursive: true }));

/** The script of a step, by its name. */
function stepOf(name: string): string {
  const [, block] =
    new RegExp(`- name: ${name}\\n +run: \\|\\n((?: {10}.*\\n?)+)`).exec(workflow) ?? assert.fail(name);
  return block!.replace(/^ {10}/gm, '');
}

function runStep(name: string, cwd: string): void {
  const { status, stderr } = spawnSync('bash', ['-e', '-c', stepOf(name)], {
    cwd,
    env: gitVariables(),
    encoding: 'utf8',
  });
  assert.equal(status, 0, `${name}: ${stderr}`);
}

/** A runner: a new clone of main, which has measured one run. */
function runner(name: string, origin: string): string {
  const folder = join(scratch, name, 'code');
  mkdirSync(join(scratch, name));
  git(scratch, 'clone', '--quiet', '--depth', '1', `file://${origin}`, folder);
  runStep('Get the history', folder);
  const runs = join(scratch, name, 'history/runs');
  mkdirSync(runs, { recursive: true });
  writeFileSync(join(runs, `${name}.json`), '{}\n');
  return folder;
}

test('runs are kept on a branch without the code, also those of two pushes at a time', {
  skip: noGit,
}, () => {
  const first = join(scratch, 'first');
  writeFiles(first, { 'src/crawl.js': 'export {};\n' });
  git(first, 'init', '--quiet', '--initial-branch=main');
  commit(first, 'first');
  const origin = join(scratch, 'origin.git');
  git(scratch, 'clone', '--quiet', '--bare', first, origin);
  const listed = () => git(origin, 'ls-tree', '-r', '--name-only', 'overlap-history').trim().split('\n');

  runStep('Keep the history', runner('one', origin));
  assert.deepEqual(listed(), ['runs/one.json']);
  const [two, three] = [runner('two', origin), runner('three', origin)];
  for (const folder of [two, three]) runStep('Keep the history', folder);
  assert.deepEqual(listed(), ['runs/one.json', 'runs/three.json', 'runs/two.json']);
  // A run that is there already is no new commit.
  const before = git(origin, 'rev-parse', 'overlap-history');
  runStep('Keep the history', three);
  assert.equal(git(origin, 'rev-parse', 'overlap-history'), before);
  assert.equal(git(origin, 'ls-tree', '-r', '--name-only', 'main').trim(), 'src/crawl.js');
});
