/** `compare --base` in a repository of a user, to its end. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readRecords } from '../../harness/record/record-files.ts';
import { run, said, start } from '../fixtures/command.ts';
import { git, noGit } from '../fixtures/git.ts';
import {
  CRAWL,
  commit,
  openRepositories,
  PACKAGE,
  SERIAL_CRAWL,
  writeFiles,
} from '../fixtures/own-repository.ts';
import { commandsOf, until } from '../fixtures/processes.ts';
import { skipSlow } from '../fixtures/slow.ts';

const repositories = openRepositories();
after(() => repositories.remove());

/** Compares with main; the margin is so wide that only a slowdown of the kind that these tests make is beyond it. */
const compare = (top: string, ...more: string[]) =>
  run('compare', '--project', top, '--base', 'main', '--profile', 'smoke', '--margin', '0.5', ...more);

function assertNothingLeft(top: string): void {
  assert.deepEqual(
    readdirSync(repositories.scratch).filter((name) => name.startsWith('.overlap-')),
    [],
  );
  assert.equal(git(top, 'worktree', 'list').trim().split('\n').length, 1);
  assert.equal(git(top, 'status', '--porcelain'), '');
}

test('a commit that awaits inside the loop by mistake ends with 3, and the row is named', {
  skip: noGit || skipSlow,
  timeout: 600_000,
}, async () => {
  const top = repositories.make('serial', PACKAGE);
  const fork = git(top, 'rev-parse', 'HEAD').trim();
  // Had main's tip been measured, both sides would be as slow.
  writeFiles(top, { 'src/crawl.js': SERIAL_CRAWL });
  commit(top, 'main moves on');
  git(top, 'checkout', '--quiet', '-b', 'topic', fork);
  writeFiles(top, { 'src/crawl.js': SERIAL_CRAWL });
  const changed = commit(top, 'by mistake');
  const json = join(repositories.scratch, 'serial.json');
  const { code, out, err } = await compare(top, '--json', json);
  assert.equal(code, 3, err + out);
  assert.match(out, /^regressed: crawl, concurrency-6: \+/m);
  assert.match(out, /^At least twice as slow, so not measured again: crawl, concurrency-6\.$/m);
  const { rows } = JSON.parse(readFileSync(json, 'utf8'));
  const verdicts = rows.map((row: { variant: string; verdict: string }) => [row.variant, row.verdict]);
  assert.deepEqual(new Map(verdicts).get('concurrency-6'), 'regressed');
  assert.notEqual(new Map(verdicts).get('concurrency-1'), 'regressed');
  for (const [side, measured] of [
    ['before', fork],
    ['after', changed],
  ] as const) {
    const [{ environment } = assert.fail(side)] = readRecords(join(top, 'results/compare', side));
    assert.equal(environment.git?.commit, measured);
    assert.equal(environment.node, process.versions.node);
  }
  assertNothingLeft(top);
});

test('a commit that touches only comments never ends with 3', {
  skip: noGit || skipSlow,
  timeout: 600_000,
}, async () => {
  const top = repositories.make('comments', PACKAGE);
  git(top, 'checkout', '--quiet', '-b', 'topic');
  writeFiles(top, { 'src/crawl.js': `// Sends requests.\n${CRAWL}` });
  commit(top, 'say what it does');
  const { code, out, err } = await compare(top);
  assert.ok([0, 2].includes(code), err + out);
  assertNothingLeft(top);
});

for (const [when, text, args] of [
  ['measures', 'Round 2', ['--rounds', '50']],
  [
    'prepares',
    'Preparing the base',
    ['--prepare', '[ -e once ] || { touch once; exit; }; sleep 4321 & sleep 4321'],
  ],
] as const)
  test(`a comparison that is killed while it ${when} leaves no folder, no worktree and no process`, {
    skip: noGit || skipSlow,
  }, async () => {
    const top = repositories.make(when, { ...PACKAGE, '.gitignore': 'node_modules\nresults\nonce\n' });
    const comparing = start('compare', ['--project', top, '--base', 'main', '--profile', 'smoke', ...args]);
    await said(comparing, text);
    comparing.child.kill('SIGKILL');
    await comparing.ended;
    const running = () => commandsOf().filter((line) => line.includes(top) || line.includes('sleep 4321'));
    const folders = () => readdirSync(repositories.scratch).filter((name) => name.startsWith('.overlap-'));
    const known = () => git(top, 'worktree', 'list').trim().split('\n').length;
    await until('nothing is left', () => running().length + folders().length === 0 && known() === 1, 30_000);
  });
