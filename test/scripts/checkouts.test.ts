import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { forgetWorktree } from '../../harness/measure/checkout/folders.ts';
import { leftOf, openFor, valueIn } from '../fixtures/both-checkouts.ts';
import { git, noGit } from '../fixtures/git.ts';
import {
  CRAWL,
  commit,
  experiment,
  lock,
  manifest,
  openRepositories,
  PACKAGE,
  SERIAL_CRAWL,
  writeFiles,
} from '../fixtures/own-repository.ts';

const repositories = openRepositories();
after(() => repositories.remove());

test('the base is where HEAD left the other branch, also from a detached HEAD with changed files', {
  skip: noGit,
}, async () => {
  const top = repositories.make('moved', PACKAGE);
  const first = git(top, 'rev-parse', 'HEAD').trim();
  rmSync(join(top, 'src/crawl.js'));
  commit(top, 'main moves on, and has no crawl any more');
  git(top, 'checkout', '--quiet', '--detach', first);
  writeFiles(top, { 'src/new.js': '' });
  commit(top, 'a change');
  writeFiles(top, { 'src/crawl.js': SERIAL_CRAWL, 'bench/crawl.overlap.js': `${experiment()}// changed\n` });
  await openFor(top, 'main', ({ before, after: current, names }, said) => {
    assert.deepEqual(said, [`The base is ${first.slice(0, 9)}, where HEAD left main.`]);
    assert.deepEqual(names, []);
    assert.equal(current.directory, top);
    assert.equal(readFileSync(join(before.directory, 'src/crawl.js'), 'utf8'), CRAWL);
    assert.match(readFileSync(join(before.directory, 'bench/crawl.overlap.js'), 'utf8'), /changed/);
    assert.equal(existsSync(join(before.directory, 'src/new.js')), false);
    assert.equal(before.node, process.execPath);
    assert.equal(leftOf(top).length, 2);
  });
  assert.deepEqual(leftOf(top), []);
});

test('with a head, both sides are checkouts of commits, with the experiments that are here now', {
  skip: noGit,
}, async () => {
  const top = repositories.make('head', PACKAGE);
  const first = git(top, 'rev-parse', 'HEAD').trim();
  writeFiles(top, { 'src/crawl.js': SERIAL_CRAWL });
  const second = commit(top, 'by mistake');
  writeFiles(top, {
    'src/crawl.js': '// not committed',
    'bench/crawl.overlap.js': `${experiment()}// changed\n`,
  });
  await openFor(
    top,
    first,
    ({ before, after: head }, said) => {
      assert.deepEqual(said, [
        `The base is ${first.slice(0, 9)}, and the head is ${second.slice(0, 9)} (main).`,
      ]);
      assert.equal(readFileSync(join(before.directory, 'src/crawl.js'), 'utf8'), CRAWL);
      assert.equal(readFileSync(join(head.directory, 'src/crawl.js'), 'utf8'), SERIAL_CRAWL);
      for (const { directory } of [before, head])
        assert.match(readFileSync(join(directory, 'bench/crawl.overlap.js'), 'utf8'), /changed/);
      assert.equal(leftOf(top).length, 4);
    },
    { head: 'main' },
  );
  assert.deepEqual(leftOf(top), []);
});

test('a head that git does not know, or that cannot load an experiment, is named', {
  skip: noGit,
}, async () => {
  const top = repositories.make('no-head', PACKAGE);
  await assert.rejects(
    openFor(top, 'main', () => {}, { head: 'nothing' }),
    { message: /^git knows no commit nothing; git fetch may bring it/ },
  );
  rmSync(join(top, 'src/crawl.js'));
  const second = commit(top, 'without code');
  git(top, 'checkout', '--quiet', '--detach', 'HEAD~1');
  await assert.rejects(
    openFor(top, 'HEAD', () => {}, { head: second }),
    { message: new RegExp(`^crawl is left out: .*the head \\(${second.slice(0, 9)}\\)`) },
  );
  assert.deepEqual(leftOf(top), []);
});

test('where there is no base, one sentence says what to do', { skip: noGit }, async () => {
  const top = repositories.make('origin', PACKAGE);
  git(top, 'checkout', '--quiet', '-b', 'topic');
  commit(top, 'of the branch');
  git(top, 'checkout', '--quiet', '--orphan', 'stranger');
  commit(top, 'shares nothing');
  const shallow = join(repositories.scratch, 'shallow');
  git(repositories.scratch, 'clone', '--quiet', '--depth=1', '--branch=topic', `file://${top}`, shallow);
  git(shallow, 'fetch', '--quiet', '--depth=1', 'origin', 'main:refs/remotes/origin/main');
  for (const [folder, reference, sentence] of [
    [
      top,
      'nothing',
      /^git knows no commit nothing; git fetch may bring it, as a full clone does \(fetch-depth: 0\)\.$/,
    ],
    [top, 'topic', /^HEAD and topic share no commit, so there is nothing to compare with\.$/],
    [shallow, 'main', /^git knows no commit main; it knows origin\/main, so use --base origin\/main\.$/],
    [
      shallow,
      'origin/main',
      /^This clone is shallow and lacks .* origin\/main; run git fetch --unshallow, or set fetch-depth: 0 /,
    ],
  ] as const)
    await assert.rejects(
      openFor(folder, reference, () => {}),
      { message: sentence, name: 'Error' },
    );
  assert.deepEqual(leftOf(top), []);
});

test('a package in a subfolder is measured there, with a config and experiments that the base lacks', {
  skip: noGit,
}, async () => {
  const files = {
    'service/package.json': manifest('service'),
    'service/src/crawl.js': CRAWL,
    '.gitignore': 'node_modules',
  };
  const top = repositories.make(
    'subfolder',
    { ...files, 'service/old/crawl.overlap.js': 'moved' },
    'service',
  );
  rmSync(join(top, 'service/old'), { recursive: true });
  writeFiles(top, {
    'service/overlap.config.json': '{"shared":["bench/inputs.json"]}',
    'service/bench/inputs.json': '[]',
    'service/bench/crawl.overlap.js': experiment(),
  });
  await openFor(join(top, 'service'), 'main', ({ before }) => {
    assert.match(before.directory, /service$/);
    assert.equal(readFileSync(join(before.directory, 'bench/inputs.json'), 'utf8'), '[]');
    assert.equal(existsSync(join(before.directory, 'node_modules/overlap-bench/index.js')), true);
  });
  assert.deepEqual(leftOf(top), []);
});

test('an experiment whose import the base lacks is left out, and named', { skip: noGit }, async () => {
  const top = repositories.make('lacking', PACKAGE);
  writeFiles(top, {
    'bench/helper.js': '',
    'bench/more.overlap.js': `import './helper.js';\n${experiment()}`,
  });
  const reason =
    /^more is left out: the base \(\w{9}\) lacks bench\/helper\.js, which it imports; .* shared\.$/;
  await openFor(top, 'HEAD', ({ names }, said) => {
    assert.deepEqual(names, ['crawl']);
    assert.match(said.at(-1)!, reason);
  });
  await assert.rejects(
    openFor(top, 'HEAD', () => {}, { names: ['more'] }),
    { message: reason },
  );
  writeFiles(top, { 'overlap.config.json': '{"shared":["bench/helper.js"]}' });
  await openFor(top, 'HEAD', ({ names }) => assert.deepEqual(names, []));
});

test('what the base exports by another name is told with the experiment', { skip: noGit }, async () => {
  const top = repositories.make('renamed', {
    ...PACKAGE,
    'src/crawl.js': CRAWL.replace('crawlAll', 'crawl'),
  });
  writeFiles(top, { 'src/crawl.js': CRAWL });
  await assert.rejects(
    openFor(top, 'HEAD', () => {}),
    {
      message: /^crawl is left out: it cannot be loaded with the code of the base \(\w{9}\): .*crawlAll/,
    },
  );
  assert.deepEqual(leftOf(top), []);
});

test('submodules come from those that are here', { skip: noGit }, async () => {
  const inner = repositories.make('inner', {
    'value.js': 'export const value = 1;\n',
    'package.json': manifest('inner'),
  });
  const top = repositories.make('outer', PACKAGE);
  git(top, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner, 'vendor/inner');
  commit(top, 'with a submodule');
  writeFiles(join(top, 'vendor/inner'), { 'value.js': 'export const value = 2;\n' });
  commit(join(top, 'vendor/inner'), 'second');
  await openFor(top, 'main', ({ before, after: current }) => {
    assert.equal(valueIn(before.directory, './vendor/inner/value.js'), '1');
    assert.equal(valueIn(current.directory, './vendor/inner/value.js'), '2');
    assert.equal(git(before.directory, 'status', '--porcelain', 'vendor'), '');
  });
  assert.deepEqual(leftOf(top), []);
});

/** A workspace whose service imports a sibling by name, as npm installs it. */
function makeWorkspace(name: string): string {
  const workspaces = { workspaces: ['packages/*'] };
  const top = repositories.make(name, {
    'package.json': manifest('workspace', workspaces),
    'package-lock.json': lock('workspace', {
      '': { name: 'workspace', version: '1.0.0', ...workspaces },
      'node_modules/@own/crawler': { resolved: 'packages/crawler', link: true },
      'node_modules/service': { resolved: 'packages/service', link: true },
      'packages/crawler': { name: '@own/crawler', version: '1.0.0' },
      'packages/service': { version: '1.0.0' },
    }),
    '.gitignore': 'node_modules\nresults\n',
    'packages/crawler/package.json': manifest('@own/crawler', { exports: './index.js' }),
    'packages/crawler/index.js': `${CRAWL}export const value = 1;\n`,
    'packages/service/package.json': manifest('service'),
    'packages/service/bench/crawl.overlap.js': experiment('@own/crawler'),
  });
  mkdirSync(join(top, 'node_modules/@own'));
  symlinkSync('../../packages/crawler', join(top, 'node_modules/@own/crawler'));
  symlinkSync('../packages/service', join(top, 'node_modules/service'));
  return top;
}

/** A package that somebody else made, as it is installed. */
const installed = (name: string, value: number, more: object = {}) => ({
  [`node_modules/${name}/package.json`]: manifest(name, { exports: './index.js', ...more }),
  [`node_modules/${name}/index.js`]: `export const value = ${value};\n`,
});

test('in a workspace each side imports its own packages, and both the packages that are installed', {
  skip: noGit,
}, async () => {
  const top = makeWorkspace('workspace');
  writeFiles(top, {
    'packages/crawler/index.js': `${SERIAL_CRAWL}export const value = 2;\n`,
    ...installed('queue', 3),
  });
  writeFiles(join(top, 'packages/service'), installed('nested', 4));
  await openFor(join(top, 'packages/service'), 'HEAD', ({ before, after: current }) => {
    assert.equal(valueIn(before.directory, '@own/crawler'), '1');
    assert.equal(valueIn(current.directory, '@own/crawler'), '2');
    assert.equal(valueIn(before.directory, 'queue'), '3');
    assert.equal(valueIn(before.directory, 'nested'), '4');
  });
  assert.deepEqual(leftOf(top), []);
  assert.equal(valueIn(join(top, 'packages/service'), 'nested'), '4');
});

const withoutNpm = spawnSync('npm', ['--version']).error === undefined ? false : 'there is no npm here';

test('another lock file, or an installed package that needs one of the workspace, is installed there', {
  skip: noGit || withoutNpm,
}, async () => {
  const top = makeWorkspace('installing');
  const service = join(top, 'packages/service');
  writeFiles(top, {
    'packages/crawler/index.js': 'export const value = 2;\n',
    ...installed('plugin', 3, { peerDependencies: { '@own/crawler': '*' } }),
  });
  const isInstalled = async () =>
    openFor(
      service,
      'HEAD',
      ({ before }) => {
        const own = join(before.directory, '../../node_modules');
        // npm ci installs what the lock file says, and plugin is not in it.
        assert.equal(existsSync(join(own, 'plugin')), false);
        assert.equal(existsSync(join(own, '.package-lock.json')), true);
        assert.equal(valueIn(before.directory, '@own/crawler'), '1');
        assert.equal(existsSync(join(before.directory, 'node_modules/overlap-bench/index.js')), true);
      },
      { names: [] },
    );
  writeFiles(top, {
    'packages/service/bench/crawl.overlap.js': experiment('../../crawler/index.js').replace(
      '{ crawlAll }',
      '*as crawler',
    ),
  });
  await isInstalled();
  rmSync(join(top, 'node_modules/plugin'), { recursive: true });
  writeFileSync(join(top, 'package-lock.json'), `${readFileSync(join(top, 'package-lock.json'), 'utf8')}\n`);
  await isInstalled();
  assert.deepEqual(leftOf(top), []);
});

test('Overlap is the one of this checkout, where the base has another one in a nearer folder', {
  skip: noGit,
}, async () => {
  const other = { 'bench/node_modules/overlap-bench/package.json': manifest('overlap-bench') };
  const top = repositories.make('older', { ...PACKAGE, '.gitignore': 'results\n', ...other });
  rmSync(join(top, 'bench/node_modules'), { recursive: true });
  await openFor(top, 'HEAD', ({ names }) => assert.deepEqual(names, []));
});

test('git forgets a worktree whose creation was killed, and no worktree of the user', {
  skip: noGit,
}, async () => {
  const top = repositories.make('interrupted', PACKAGE);
  const [killed, away] = ['.overlap-killed', 'away'].map((name) => join(repositories.scratch, name));
  for (const folder of [killed, away]) git(top, 'worktree', 'add', '--quiet', '--detach', folder!);
  // As git locks a worktree until its files are there.
  git(top, 'worktree', 'lock', '--reason', 'initializing', killed!);
  for (const folder of [killed, away]) rmSync(folder!, { recursive: true });
  await forgetWorktree(top, killed!);
  const known = git(top, 'worktree', 'list', '--porcelain');
  assert.doesNotMatch(known, /killed/);
  assert.match(known, /away/);
});

test("Yarn's Plug'n'Play is refused with a sentence", { skip: noGit }, async () => {
  const top = repositories.make('plug', { ...PACKAGE, '.pnp.cjs': '' });
  await assert.rejects(
    openFor(top, 'HEAD', () => {}),
    {
      message:
        /uses Yarn's Plug'n'Play, and Overlap needs node_modules: set nodeLinker: node-modules in \.yarnrc\.yml/,
    },
  );
  assert.deepEqual(leftOf(top), []);
});

test('--prepare runs on both sides, with the programs of that side, and its failure is a sentence', {
  skip: noGit,
}, async () => {
  const top = repositories.make('prepared', { ...PACKAGE, '.gitignore': 'node_modules\nresults\nmade.js\n' });
  writeFiles(top, { 'node_modules/.bin/make': '#!/bin/sh\necho "export const value = $1;" > made.js\n' });
  execFileSync('chmod', ['+x', join(top, 'node_modules/.bin/make')]);
  await openFor(
    top,
    'HEAD',
    ({ before, after: current }, said) => {
      for (const { directory } of [before, current]) assert.equal(valueIn(directory, './made.js'), '7');
      assert.deepEqual(said.slice(1), ['Preparing this checkout: make 7', 'Preparing the base: make 7']);
    },
    { prepare: 'make 7' },
  );
  writeFiles(top, { 'only-here': '' });
  await assert.rejects(
    openFor(top, 'HEAD', () => {}, { prepare: 'ls only-here' }),
    {
      message: /^--prepare failed in the base: .*only-here.*[^.]\.$/,
    },
  );
  assert.deepEqual(leftOf(top), []);
});

test('files outside of the repository are refused', { skip: noGit }, async () => {
  const top = repositories.make('outside', {
    ...PACKAGE,
    'overlap.config.json': '{"experiments":["../elsewhere.overlap.js"]}',
  });
  writeFiles(repositories.scratch, { 'elsewhere.overlap.js': experiment('./outside/src/crawl.js') });
  await assert.rejects(
    openFor(top, 'HEAD', () => {}),
    {
      message:
        /elsewhere\.overlap\.js lies outside of the git repository, so the base cannot run it; move it inside\.$/,
    },
  );
  assert.deepEqual(leftOf(top), []);
});
