/** `npx overlap-bench compare --base` in a repository that has the package from its tarball. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { PACKAGE_NAME } from '../../harness/installation.ts';
import { readRecords } from '../../harness/record/record-files.ts';
import { STARTER_BENCHMARK, STARTER_RESULTS } from '../../harness/starter-files.ts';
import { git, noGit } from '../fixtures/git.ts';
import { makeProject, scratchFolder, tarballIn, whyNoRegistry } from '../fixtures/installed-project.ts';
import { BENCHMARK, CRAWL, commit, manifest, SERIAL_CRAWL, writeFiles } from '../fixtures/own-repository.ts';
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

/** The command of the workflow that compares a pull request with its base. */
function comparisonOf(root: string): string {
  const workflow = readFileSync(join(root, '.github/workflows/overlap.yml'), 'utf8');
  return /- run: (.* compare .*)/.exec(workflow)![1]!;
}

for (const { name, lock, add } of [
  { name: 'npm', lock: 'package-lock.json', add: ['install', '--save-dev', '--no-audit', '--no-fund'] },
  { name: 'pnpm', lock: 'pnpm-lock.yaml', add: ['add', '--save-dev'] },
])
  test(`${name}: what init writes ends with 3 for a slower commit, against a base that has never heard of Overlap; not for a comment or another lock file`, {
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
      '.gitignore': `node_modules\n${STARTER_RESULTS}/\n`,
      'src/crawl.js': CRAWL,
    });
    git(root, 'init', '--quiet', '--initial-branch=main');
    const first = commit(root, 'first');
    git(root, 'update-ref', 'refs/remotes/origin/main', first);
    git(root, 'checkout', '--quiet', '-b', 'topic');
    await succeed(name, ...add, tarball);
    await succeed('npx', PACKAGE_NAME, 'init');
    writeFiles(root, { [STARTER_BENCHMARK]: BENCHMARK });
    await succeed('npx', PACKAGE_NAME, 'bench');
    const records = readRecords(join(root, STARTER_RESULTS, 'latest'));
    assert.deepEqual(
      records.map(({ experiment, status, variants }) => [
        experiment.id,
        status,
        ...variants.map(({ id }) => id),
      ]),
      [['crawl', 'ok', 'reference@6', 'concurrency 2', 'concurrency 6']],
    );
    assert.ok(records[0]!.samples.every(({ target }) => target.requests === 12));

    writeFiles(root, { 'src/crawl.js': SERIAL_CRAWL });
    commit(root, 'by mistake');
    const table = join(scratch, `${name}.md`);
    const inWorkflow = `export BASE=main GITHUB_STEP_SUMMARY='${table}'; ${comparisonOf(root)}`;
    const slower = await run('sh', ['-c', inWorkflow], path);
    assert.equal(slower.code, 3, slower.err + slower.out);
    assert.match(slower.out, /^regressed: crawl, concurrency 6: \+/m);
    assert.match(readFileSync(table, 'utf8'), /^\| crawl \| \| concurrency 6 \| .* regressed \|$/m);

    const compare = (base: string) => run('npx', [PACKAGE_NAME, 'compare', '--base', base], path);
    const mistake = commit(root, 'nothing');
    writeFiles(root, { 'src/crawl.js': `// Sends requests.\n${SERIAL_CRAWL}` });
    commit(root, 'a comment');
    const commented = await compare(mistake);
    assert.ok([0, 2].includes(commented.code), commented.err + commented.out);

    assert.ok(existsSync(join(root, lock)));
    await succeed(name, ...add, 'yocto-queue@1.2.2');
    commit(root, 'another lock file');
    const same = await compare(mistake);
    assert.ok([0, 2].includes(same.code), same.err + same.out);
    const releases = ['before', 'after'].map((side) => {
      const [record] = readRecords(join(root, STARTER_RESULTS, 'compare', side));
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
