import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ROOT } from '../../../package/manifest.ts';
import { filesShownIn } from '../../fixtures/markdown.ts';
import { OWN_CODE, userProject } from '../../fixtures/user-project.ts';

const page = readFileSync(join(ROOT, 'docs/library.md'), 'utf8');
const shown = filesShownIn(page, 'ts');

/** Runs Node in a project with the files of the page, without what the runner of this test tells its children. */
function runNode(...args: string[]) {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const cwd = userProject(Object.fromEntries(shown), { src: join(OWN_CODE, 'src') });
  return spawnSync(process.execPath, args, { cwd, encoding: 'utf8', env });
}

test('the page shows a test and a program', () => {
  assert.deepEqual([...shown.keys()], ['test/crawl.test.ts', 'compare-times.ts']);
});

test('the test on the page passes', () => {
  const { status, stdout } = runNode('--test', 'test/crawl.test.ts');
  assert.equal(status, 0, stdout);
  assert.match(stdout, /pass 1\b/);
});

test('the program on the page prints what the page says, and nothing else', () => {
  const { status, stdout, stderr } = runNode('compare-times.ts');
  const [, printed] = /```text\n([\s\S]*?)```/.exec(page)!;
  assert.deepEqual([status, stdout, stderr], [0, printed, '']);
});
