/** `npx overlap-bench compare --base` in a repository that has the package from its tarball. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { PACKAGE_NAME } from '../../harness/installation.ts';
import { readRecords } from '../../harness/record/record-files.ts';
import { git, noGit } from '../fixtures/git.ts';
import { makeProject, scratchFolder, tarballIn, whyNoRegistry } from '../fixtures/installed-project.ts';
import {
  CRAWL,
  commit,
  experiment,
  FROM_PACKAGE,
  manifest,
  SERIAL_CRAWL,
  writeFiles,
} from '../fixtures/own-repository.ts';
import { skipSlow } from '../fixtures/slow.ts';

const skip = skipSlow || noGit || whyNoRegistry();
const scratch = scratchFolder(after);
let tarball: string;

before(
  async () => {
    if (skip === false) tarball = await tarballIn(scratch);
  },
  { timeout: 300_000 },
);

for (const { name, lock, add } of [
  { name: 'npm', lock: 'package-lock.json', add: ['install', '--save-dev', '--no-audit', '--no-fund'] },
  { name: 'pnpm', lock: 'pnpm-lock.yaml', add: ['add', '--save-dev'] },
])
  test(`${name}: a slower commit ends with 3 against a base that has never heard of Overlap, one whose lock file changes does not`, {
    skip,
    timeout: 900_000,
  }, async () => {
    const { root, run } = await makeProject(join(scratch, name), tarball);
    for (const part of ['node_modules', 'package.json', 'package-lock.json', 'crawl.overlap.ts', 'delay.ts'])
      rmSync(join(root, part), { recursive: true });
    const tools = join(scratch, `tools-${name}`);
    const path = [join(tools, 'node_modules/.bin'), dirname(process.execPath)].join(delimiter);
    const succeed = async (command: string, ...args: string[]) => {
      const { code, out, err } = await run(command, args, path);
      assert.equal(code, 0, `${command} ${args.join(' ')}: ${out}${err}`);
    };
    writeFiles(tools, { 'package.json': manifest('tools') });
    if (name === 'pnpm') await succeed('npm', 'install', '--prefix', tools, 'pnpm@12.21.0');

    writeFiles(root, {
      'package.json': manifest('crawler'),
      '.gitignore': 'node_modules\nresults\n',
      'src/crawl.js': CRAWL,
    });
    git(root, 'init', '--quiet', '--initial-branch=main');
    commit(root, 'first');
    git(root, 'checkout', '--quiet', '-b', 'topic');
    await succeed(name, ...add, tarball);
    writeFiles(root, {
      'bench/crawl.overlap.js': experiment('../src/crawl.js', FROM_PACKAGE),
      'src/crawl.js': SERIAL_CRAWL,
    });
    commit(root, 'by mistake');
    const compare = (base: string, ...more: string[]) =>
      run(
        'npx',
        [PACKAGE_NAME, 'compare', '--base', base, '--profile', 'smoke', '--margin', '0.5', ...more],
        path,
      );
    const slower = await compare('main');
    assert.equal(slower.code, 3, slower.err + slower.out);
    assert.match(slower.out, /^regressed: crawl, concurrency-6: \+/m);

    assert.ok(existsSync(join(root, lock)));
    const known = commit(root, 'nothing');
    await succeed(name, ...add, 'yocto-queue@1.2.2');
    writeFiles(root, { 'src/crawl.js': `// Sends requests.\n${SERIAL_CRAWL}` });
    commit(root, 'another lock file');
    const same = await compare(known, '--rounds', '6');
    assert.ok([0, 2].includes(same.code), same.err + same.out);
    const releases = ['before', 'after'].map((side) => {
      const [record] = readRecords(join(root, 'results/compare', side));
      return record?.environment.packages['yocto-queue'];
    });
    assert.deepEqual(releases, [undefined, '1.2.2']);
    assert.equal(git(root, 'status', '--porcelain'), '');
    assert.deepEqual(
      readdirSync(scratch).filter((folder) => folder.startsWith('.overlap-')),
      [],
    );
    assert.equal(git(root, 'worktree', 'list').trim().split('\n').length, 1);
  });
