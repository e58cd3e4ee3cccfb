import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { readRecord, readRecords, writeRecord } from '../../harness/record/record-files.ts';
import { main as bench } from '../../scripts/bench.ts';
import { main as compare } from '../../scripts/compare.ts';
import { main as merge } from '../../scripts/merge.ts';
import { callHere, run, said, start } from '../fixtures/command.ts';
import { commitAll, git, hookVariables, noGit, pathOfGitAlone } from '../fixtures/git.ts';
import { skipSlow } from '../fixtures/slow.ts';

const ROOT = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'overlap-gate-'));
after(() => rmSync(scratch, { recursive: true }));
// Other tests may run on this machine, so leftovers are searched in a temporary folder of this test only.
process.env.TMPDIR = join(scratch, 'temporary');
mkdirSync(process.env.TMPDIR);
const small = ['--profile', 'smoke'];
const temporaryFolders = () =>
  readdirSync(tmpdir()).filter((name) => /^overlap-(checkout|alternate)-/.test(name));

test('shards are measured apart and joined to one run', { skip: skipSlow }, async () => {
  const shards = ['1/3', '2/3', '3/3'].map((shard) => ({
    shard,
    out: join(scratch, shard.replace('/', '-')),
  }));
  for (const { shard, out } of shards) {
    const {
      code,
      out: text,
      err,
    } = await run(
      'bench',
      'crawl',
      'hash-and-save',
      ...small,
      '--rounds',
      '1',
      '--shard',
      shard,
      '--out',
      out,
    );
    assert.equal(code, 0, err);
    if (!existsSync(out)) assert.match(text, /more shards than experiments/);
  }
  const filled = shards.map(({ out }) => out).filter((out) => existsSync(out));
  assert.equal(filled.length, 2);
  const merged = join(scratch, 'merged');
  const { code, out: text, err } = await callHere(merge, ...filled, '--out', merged);
  assert.equal(code, 0, err);
  assert.match(text, /^Overlap: 2 experiments, profile smoke, 1 round\.$/m);
  assert.match(text, /^Page: .*merged\/report\.html /m);
  assert.deepEqual(
    readRecords(merged).map(({ experiment }) => experiment.id),
    ['crawl', 'hash-and-save'],
  );
  const twice = await callHere(merge, filled[0]!, filled[0]!, '--out', join(scratch, 'twice'));
  assert.equal(twice.code, 1);
  assert.match(
    twice.err,
    /^Two of the directories have .*; shards of one run have each experiment once\.\n$/,
  );
});

// How many rounds that takes is up to the machine.
test('with --until rounds go on until the intervals are narrow enough', { skip: skipSlow }, async () => {
  const out = join(scratch, 'until');
  const { code, err } = await run('bench', 'crawl', ...small, '--until', '60%', '--out', out);
  assert.equal(code, 0, err);
  const { status, rounds, samples } = readRecord(join(out, 'crawl.json'));
  assert.equal(status, 'ok');
  assert.ok(rounds >= 6 && rounds < 1000);
  assert.equal(Math.max(...samples.map(({ round }) => round)), rounds);
});

test('a latency server that runs elsewhere is measured against, where it can do the work', {
  skip: skipSlow,
}, async () => {
  const server = start('serve', ['--port', '0', '--capacity', '500']);
  try {
    while (!server.output.out.includes('Listening')) await new Promise((resolve) => setTimeout(resolve, 20));
    const [origin] = /http:\/\/[\d.:]+/.exec(server.output.out)!;
    const out = join(scratch, 'remote');
    const args = [
      'crawl',
      'concurrency',
      'overload',
      ...small,
      '--rounds',
      '1',
      '--target',
      origin,
      '--out',
      out,
    ];
    const { code, out: text, err } = await run('bench', ...args);
    assert.equal(code, 0, err);
    const [crawl, concurrency, overload] = readRecords(out);
    assert.equal(concurrency!.status, 'ok');
    assert.equal(crawl!.remote?.origin, origin);
    assert.deepEqual(crawl!.remote?.settings, { capacity: 500 });
    assert.equal(crawl!.status, 'ok');
    assert.equal(overload!.status, 'skipped');
    assert.match(text, /skipped: It needs a server with its own settings/);

    // What regressed against it is measured again against it, or it would be other work.
    const directoryOf = (name: string, ms: number) => {
      const directory = join(scratch, name);
      mkdirSync(directory);
      const samples = [1, 2, 3, 4].flatMap((round) =>
        crawl!.samples
          .filter(({ warmUp }) => !warmUp)
          .map((sample) => ({ ...sample, round, wallMs: sample.variant === 0 ? 500 : ms })),
      );
      const variants = crawl!.variants.map((variant) => ({ ...variant, rounds: 4 }));
      writeRecord(directory, { ...crawl!, rounds: 4, variants, samples });
      return directory;
    };
    const json = join(scratch, 'again.json');
    const confirmed = async (before: string, slower: string) => {
      const again = await run('compare', before, slower, '--confirm', '--json', json);
      const { rows } = JSON.parse(readFileSync(json, 'utf8'));
      return { code: again.code, verdicts: rows.map(({ verdict }: { verdict: string }) => verdict) };
    };
    const yes = await confirmed(directoryOf('remote-before', 0.01), directoryOf('remote-slower', 1));
    assert.equal(yes.code, 3);
    assert.deepEqual(new Set(yes.verdicts), new Set(['regressed']));
    // Both are far slower than what is measured now.
    const not = await confirmed(directoryOf('remote-slow', 1e4), directoryOf('remote-slowest', 1e6));
    assert.equal(not.code, 0);
    assert.deepEqual(new Set(not.verdicts), new Set(['not confirmed']));
  } finally {
    server.child.kill('SIGINT');
    await server.ended;
  }
});

test('options that contradict each other are refused in one sentence', async () => {
  const wrong: [string[], RegExp][] = [
    [['--shard', '5/4'], /It must be a part and the number of parts, as 1\/4/],
    [['--until', '0%'], /It must be a percentage above 0/],
    [['--save-baseline', '../elsewhere'], /It must be a name of letters/],
    [['--target', 'ftp://x'], /--target must be the address of a latency server/],
  ];
  for (const [args, reason] of wrong) {
    const { code, err } = await callHere(bench, 'crawl', '--out', join(scratch, 'wrong'), ...args);
    assert.equal(code, 1);
    assert.match(err, reason);
  }
  const unknown = await callHere(compare, '--base', 'no-such-commit', '--out', join(scratch, 'unknown'));
  assert.equal(unknown.code, 2);
  assert.match(unknown.err, /^git knows no commit no-such-commit; .*\n$/);
  const alone = await callHere(compare, '--with', 'undici@7');
  assert.deepEqual([alone.code, alone.err], [1, '--with needs --base.\n']);
  const headAlone = await callHere(compare, '--head', 'HEAD');
  assert.deepEqual([headAlone.code, headAlone.err], [1, '--head needs --base.\n']);
});

/** A repository of its own with what this checkout has now. */
function copyOfCheckout(name: string): string {
  const copy = join(scratch, name);
  for (const part of [
    'benchmarks',
    'harness',
    'scripts',
    'server',
    'overlap.config.ts',
    'package.json',
    'package-lock.json',
    '.gitignore',
  ])
    cpSync(join(ROOT, part), join(copy, part), { recursive: true });
  // All packages but Node, as where install scripts may not run: what runs us then measures.
  mkdirSync(join(copy, 'node_modules'));
  for (const name of readdirSync(join(ROOT, 'node_modules')))
    if (!['.bin', 'node'].includes(name))
      symlinkSync(join(ROOT, 'node_modules', name), join(copy, 'node_modules', name), 'junction');
  commitAll(copy);
  return copy;
}

test('--base: a strategy that was made slower ends with 3, and nothing is left', {
  skip: noGit || skipSlow,
}, async () => {
  const before = temporaryFolders();
  const copy = copyOfCheckout('slower');
  const strategy = join(copy, 'benchmarks/strategies/limiters/p-limit.ts');
  const slow = readFileSync(strategy, 'utf8').replace(
    '(jobs, run) => {',
    'async (jobs, run) => {\n  await new Promise((resolve) => setTimeout(resolve, 600));',
  );
  assert.ok(slow.includes('setTimeout'));
  writeFileSync(strategy, slow);
  const json = join(scratch, 'base.json');
  const args = [
    'crawl',
    '--base',
    'HEAD',
    '--profile',
    'smoke',
    '--rounds',
    '6',
    '--no-confirm',
    '--margin',
    '0.5',
    '--json',
    json,
  ];
  const { code, out, err } = await start('compare', args, copy).ended;
  assert.equal(code, 3, err + out);
  assert.match(out, /^regressed: crawl, semaphore@10: \+/m);
  const { rows } = JSON.parse(readFileSync(json, 'utf8'));
  const verdictOf = (name: string) =>
    rows.find(({ variant }: { variant: string }) => variant === name).verdict;
  assert.equal(verdictOf('semaphore@100'), 'regressed');
  assert.notEqual(verdictOf('promise-all'), 'regressed');
  assert.equal(readRecords(join(copy, 'results/compare/before'))[0]!.rounds, 6);
  assert.deepEqual(temporaryFolders(), before);
  assert.doesNotMatch(git(copy, 'worktree', 'list'), /overlap-checkout/);
});

test('--base: a comparison that is killed leaves no folder, no checkout and no process', {
  skip: skipSlow || noGit,
}, async () => {
  const before = temporaryFolders();
  const copy = copyOfCheckout('killed');
  const comparing = start(
    'compare',
    ['crawl', '--base', 'HEAD', '--profile', 'smoke', '--rounds', '50'],
    copy,
  );
  const { child, ended } = comparing;
  await said(comparing, 'Round 2');
  // Until its processes have begun.
  await wait(300);
  child.kill('SIGKILL');
  await ended;
  const running = () =>
    spawnSync('ps', ['-A', '-o', 'args='])
      .stdout.toString()
      .split('\n')
      .filter((line) => line.includes(scratch));
  for (let look = 0; look < 300 && running().length + temporaryFolders().length > before.length; look++)
    await wait(100);
  assert.deepEqual(running(), []);
  assert.deepEqual(temporaryFolders(), before);
  assert.doesNotMatch(git(copy, 'worktree', 'list'), /overlap-checkout/);
});

test('--base: in a hook, behind a proxy and without a shell or a Node of its own, both sides run', {
  skip: skipSlow || noGit,
}, async () => {
  const before = temporaryFolders();
  const copy = copyOfCheckout('hook');
  writeFileSync(join(copy, 'server/changed.ts'), '');
  const variables = {
    ...hookVariables(copy),
    PATH: pathOfGitAlone(scratch),
    http_proxy: 'http://127.0.0.1:1',
    NODE_OPTIONS: '--max-old-space-size=1024',
  };
  const args = ['crawl', '--base', 'HEAD', '--profile', 'smoke', '--rounds', '50'];
  const comparing = start('compare', args, copy, variables);
  await said(comparing, 'Round 2');
  comparing.child.kill('SIGINT');
  assert.equal((await comparing.ended).code, 130);
  for (const side of ['before', 'after']) {
    const [{ environment } = assert.fail(side)] = readRecords(join(copy, 'results/compare', side));
    assert.deepEqual(environment.git, {
      commit: git(copy, 'rev-parse', 'HEAD').trim(),
      dirty: side === 'after',
    });
    assert.deepEqual(environment.variables?.dropped, ['http_proxy']);
    assert.equal(environment.variables?.set.NODE_OPTIONS, variables.NODE_OPTIONS);
  }
  assert.deepEqual(temporaryFolders(), before);
  assert.doesNotMatch(git(copy, 'worktree', 'list'), /overlap-checkout/);
});

test('--base: what the commit has not, and why git cannot read it, are one sentence each', {
  skip: noGit,
}, async () => {
  const copy = copyOfCheckout('absent');
  cpSync(join(copy, 'benchmarks/crawl.ts'), join(copy, 'benchmarks/mine.ts'));
  const strict = {
    GIT_TEST_ASSUME_DIFFERENT_OWNER: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
  };
  const cases: [string[], Record<string, string>, number, RegExp][] = [
    [['mine'], {}, 2, /^mine is not in that commit \(HEAD\), so there is nothing to compare with\.\n$/],
    [['crawl', 'mine'], {}, 2, /^mine is not in that commit/],
    [
      ['yours'],
      {},
      1,
      /^There is no experiment "yours"; npm run bench -- --list prints the experiments\.\n$/,
    ],
    [
      ['crawl'],
      strict,
      1,
      /^git cannot read this checkout: detected dubious ownership in repository at '.*'; git config .* allows it\.\n$/,
    ],
    [['crawl'], { PATH: scratch }, 1, /^git is not installed here, or not in the PATH\.\n$/],
  ];
  for (const [names, variables, code, sentence] of cases) {
    const ended = await start('compare', [...names, '--base', 'HEAD'], copy, variables).ended;
    assert.match(ended.err, sentence);
    assert.equal(ended.code, code);
  }
});

const withoutNpm = spawnSync('npm', ['--version']).error === undefined ? false : 'there is no npm here';

test('--with: the other release is what the checkout runs on, and one that cannot be had is one sentence', {
  skip: skipSlow || noGit || withoutNpm,
}, async () => {
  const before = temporaryFolders();
  const copy = copyOfCheckout('with');
  // One package that npm has without a network; all others are found in the folder above.
  const own = JSON.parse(readFileSync(join(copy, 'package.json'), 'utf8'));
  const limiter = { 'p-limit': 'file:locked' };
  const described = { name: own.name, version: own.version, dependencies: limiter };
  for (const [folder, version] of [
    [join(copy, 'locked'), '7.0.0'],
    [join(scratch, 'other'), '99.0.0'],
  ] as const) {
    mkdirSync(folder);
    const about = { name: 'p-limit', version, type: 'module', exports: './index.js' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
    const real = pathToFileURL(join(ROOT, 'node_modules/p-limit/index.js'));
    writeFileSync(join(folder, 'index.js'), `export { default } from '${real}';\n`);
  }
  writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...described, type: 'module' }));
  const packages = {
    '': described,
    locked: { name: 'p-limit', version: '7.0.0' },
    'node_modules/p-limit': { resolved: 'locked', link: true },
  };
  writeFileSync(
    join(copy, 'package-lock.json'),
    JSON.stringify({ name: own.name, version: own.version, lockfileVersion: 3, requires: true, packages }),
  );
  git(copy, 'add', '.');
  git(copy, 'commit', '--quiet', '--message', 'One package');
  const above = join(scratch, 'temporary/node_modules');
  symlinkSync(join(ROOT, 'node_modules'), above, 'junction');
  try {
    const args = (release: string) => [
      ...['crawl', '--base', 'HEAD', '--profile', 'smoke', '--rounds', '50'],
      ...['--with', `p-limit@file:${join(scratch, release)}`],
    ];
    const comparing = start('compare', args('other'), copy);
    await said(comparing, 'Round 2');
    comparing.child.kill('SIGINT');
    assert.equal((await comparing.ended).code, 130);
    const releases = ['before', 'after'].map((side) => {
      const [record] = readRecords(join(copy, 'results/compare', side));
      return record?.environment.packages['p-limit'];
    });
    const { version } = JSON.parse(readFileSync(join(ROOT, 'node_modules/p-limit/package.json'), 'utf8'));
    assert.deepEqual(releases, [version, '99.0.0']);
    const none = await start('compare', args('none.tgz'), copy).ended;
    assert.equal(none.code, 1);
    assert.match(none.err, /^npm install failed: [^\n]*\n$/);
  } finally {
    rmSync(above);
  }
  assert.deepEqual(temporaryFolders(), before);
  assert.doesNotMatch(git(copy, 'worktree', 'list'), /overlap-checkout/);
});

test('--with: the state of tracked files is taken while another git has locked the index', {
  skip: noGit,
}, async () => {
  const copy = copyOfCheckout('locked');
  writeFileSync(join(copy, 'benchmarks/crawl.ts'), '// changed\n');
  writeFileSync(join(copy, 'staged.txt'), 'new\n');
  git(copy, 'add', 'staged.txt');
  writeFileSync(join(copy, 'untracked.txt'), 'new\n');
  writeFileSync(join(copy, '.git/index.lock'), '');
  const { commitOfHere }: typeof import('../../harness/measure/checkout/commits.ts') = await import(
    join(copy, 'harness/measure/checkout/commits.ts')
  );
  const commit = await commitOfHere(copy, new AbortController().signal);
  const names = git(copy, 'diff', '--name-only', 'HEAD', commit).trim().split('\n');
  assert.deepEqual(names, ['benchmarks/crawl.ts', 'staged.txt']);
  assert.equal(git(copy, 'show', `${commit}:benchmarks/crawl.ts`), '// changed\n');
  assert.match(git(copy, 'status', '--porcelain'), /^ M benchmarks\/crawl\.ts$/m);
});
