import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { describeGit } from '../../../../harness/measure/process/environment.ts';
import { commitAll, git, hookVariables, noGit } from '../../../fixtures/git.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-git-'));
after(() => rmSync(scratch, { recursive: true }));

/** A repository with one commit. */
function repository(name: string): string {
  const directory = join(scratch, name);
  mkdirSync(directory);
  writeFileSync(join(directory, 'file'), 'as it is\n');
  commitAll(directory);
  return directory;
}

/** What is described with these variables besides those of this process; undefined takes one away. */
async function describeWith(variables: Readonly<Record<string, string | undefined>>, directory: string) {
  const before = { ...process.env };
  try {
    for (const [name, value] of Object.entries(variables))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    return await describeGit({ root: directory, results: join(directory, 'results') });
  } finally {
    for (const name of Object.keys(variables))
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
  }
}

const NO_SETTINGS = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };

test('the commit and its changes are those of the folder, in a hook of another repository too', {
  skip: noGit,
}, async () => {
  const [inner, outer] = [repository('inner'), repository('outer')];
  const commit = git(inner, 'rev-parse', 'HEAD').trim();
  const variables = hookVariables(outer);
  assert.ok('GIT_INDEX_FILE' in variables);
  assert.deepEqual(await describeWith(variables, inner), { git: { commit, dirty: false }, warnings: [] });
  appendFileSync(join(inner, 'file'), 'changed\n');
  assert.deepEqual(await describeWith(variables, inner), { git: { commit, dirty: true }, warnings: [] });
  const all = { ...variables, GIT_DIR: join(outer, '.git'), GIT_WORK_TREE: outer };
  assert.deepEqual(await describeWith(all, inner), { git: { commit, dirty: true }, warnings: [] });
});

test('where git cannot tell whether files were changed, that is unknown, with its reason', {
  skip: noGit,
}, async () => {
  const directory = repository('damaged');
  writeFileSync(join(directory, '.git/index'), 'nonsense');
  const { git: state, warnings } = await describeGit({
    root: directory,
    results: join(directory, 'results'),
  });
  assert.equal(state?.dirty, null);
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!.what, /^The record cannot tell whether files were changed: .*index.*[^.]\.$/);
});

test('a checkout of another user is unknown, with what git advises, until a setting allows it', {
  skip: noGit,
}, async () => {
  const directory = repository('of-another');
  const variables = { ...NO_SETTINGS, GIT_TEST_ASSUME_DIFFERENT_OWNER: '1' };
  const { git: state, warnings } = await describeWith(variables, directory);
  assert.equal(state, null);
  assert.equal(
    warnings[0]?.what,
    `The record names no commit: detected dubious ownership in repository at '${directory}'; ` +
      `git config --global --add safe.directory ${directory} allows it.`,
  );
  const allowed = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: directory,
  };
  assert.equal((await describeWith({ ...variables, ...allowed }, directory)).git?.dirty, false);
});

test('outside a repository, before its first commit and without git no commit is named, each with its reason', {
  skip: noGit,
}, async () => {
  const [outside, fresh] = [join(scratch, 'outside'), join(scratch, 'fresh')];
  mkdirSync(outside);
  mkdirSync(fresh);
  git(fresh, 'init', '--quiet');
  const reasonOf = async (directory: string, variables = {}) => {
    const { git: state, warnings } = await describeWith(variables, directory);
    assert.equal(state, null);
    return warnings.map(({ what }) => what).join();
  };
  assert.equal(await reasonOf(outside), 'The record names no commit: this is no git repository.');
  assert.equal(await reasonOf(fresh), 'The record names no commit: this repository has no commits yet.');
  assert.equal(
    await reasonOf(fresh, { PATH: outside }),
    'The record names no commit: git is not installed here, or not in the PATH.',
  );
});
