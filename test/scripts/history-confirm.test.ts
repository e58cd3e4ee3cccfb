/**
 * `history confirm`: with comparisons that are made up, and in a repository of twelve commits of which one slows `crawlAll`.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { addRun } from '../../harness/history/history-files.ts';
import { openProject } from '../../harness/project.ts';
import type { RowVerdict } from '../../harness/report/comparison/comparison.ts';
import { main as history } from '../../scripts/history.ts';
import { confirmHistory } from '../../scripts/history-confirm.ts';
import { callHere, run } from '../fixtures/command.ts';
import { git, noGit } from '../fixtures/git.ts';
import { madeUpRuns } from '../fixtures/history-runs.ts';
import {
  BENCHMARK,
  CRAWL,
  commit,
  openRepositories,
  PACKAGE,
  writeFiles,
} from '../fixtures/own-repository.ts';
import { skipSlow } from '../fixtures/slow.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-confirm-'));
const repositories = openRepositories();
after(() => {
  rmSync(scratch, { recursive: true });
  repositories.remove();
});

test('nothing is confirmed where no row got slower, or where git lacks the commits', async () => {
  const folder = join(scratch, 'runs');
  for (const one of madeUpRuns(30, (at) => (at < 17 ? 1 : 1.2))) addRun(folder, one);
  const faster = await callHere(history, 'confirm', folder);
  assert.deepEqual(
    [faster.code, faster.err],
    [2, 'No row got slower in this history, so there is nothing to confirm.\n'],
  );
  const slower = join(scratch, 'slower');
  for (const one of madeUpRuns(30, (at) => (at < 17 ? 1 : 0.8), { experiment: 'crawl' })) addRun(slower, one);
  const unknown = await callHere(history, 'confirm', slower);
  assert.equal(unknown.code, 2);
  assert.match(unknown.out, /^slower: crawl, semaphore@100 changed between /);
  assert.match(unknown.err, /^git knows no commit 11c+; git fetch may bring it/);
});

/** A repository of twelve commits, of which the seventh made the row slower, and a history with runs of some of them. */
async function twelveCommits(name: string, measured: readonly number[]) {
  const top = repositories.make(name, PACKAGE);
  const commits = Array.from({ length: 12 }, (_, index) => {
    writeFiles(top, { 'src/crawl.js': `// State ${index + 1}.\n${CRAWL}` });
    return commit(top, index === 6 ? 'wait before each request' : `state ${index + 1}`);
  });
  const folder = join(scratch, name);
  for (const [index, one] of madeUpRuns(24, (at) => (at < 12 ? 1 : 0.8)).entries()) {
    const id = commits[measured[Math.floor((index * measured.length) / 24)]! - 1]!;
    addRun(folder, { ...one, commit: { ...one.commit, id } });
  }
  return {
    project: await openProject(top),
    folder,
    short: (at: number) => commits[at - 1]!.slice(0, 9),
    commits,
  };
}

/** Confirms with made-up verdicts of comparisons, by the number of the head. */
async function confirmWith(
  { project, folder, commits }: Awaited<ReturnType<typeof twelveCommits>>,
  verdict: (base: number, head: number) => RowVerdict | null | Error,
  bisect = true,
) {
  const asked: [base: number, head: number][] = [];
  const printed: string[] = [];
  const io = {
    signal: new AbortController().signal,
    write() {},
    print: (line: string) => void printed.push(line),
    warn() {},
  };
  const code = await confirmHistory(
    project,
    folder,
    bisect ? { bisect } : {},
    io,
    () => async (base, head) => {
      const pair = [commits.indexOf(base) + 1, commits.indexOf(head) + 1] as const;
      asked.push([...pair]);
      const said = verdict(...pair);
      if (said instanceof Error) throw said;
      return said;
    },
  );
  return { code, asked, printed: printed.slice(1) };
}

test('the two commits of the history are measured, and bisect goes on to the one', {
  skip: noGit,
}, async () => {
  const made = await twelveCommits('bisected', [1, 2, 3, 10, 11, 12]);
  const { code, asked, printed } = await confirmWith(made, (_, head) =>
    head >= 7 ? 'regressed' : 'unchanged',
  );
  assert.equal(code, 3);
  assert.deepEqual(asked, [
    [3, 10],
    [3, 6],
    [3, 8],
    [3, 7],
  ]);
  const { short } = made;
  assert.deepEqual(printed, [
    `Confirmed: crawl, semaphore@100 is slower in ${short(10)} than in ${short(3)}.`,
    `${short(6)}: unchanged`,
    `${short(8)}: regressed`,
    `${short(7)}: regressed`,
    `The change came with ${short(7)}: wait before each request`,
  ]);
});

test('commits that cannot run or give no verdict are skipped by name', { skip: noGit }, async () => {
  const made = await twelveCommits('skipped', [1, 2, 3, 10, 11, 12]);
  const { code, printed } = await confirmWith(made, (_, head) => {
    if (head === 6) return new Error('npm ci failed.');
    return head === 5 ? 'inconclusive' : head >= 7 ? 'regressed' : 'unchanged';
  });
  assert.equal(code, 3);
  const { short } = made;
  assert.ok(printed.includes(`${short(6)} is skipped: npm ci failed.`));
  assert.deepEqual(printed.slice(-2), [
    `The change came between ${short(4)} and ${short(7)}: wait before each request`,
    `Not decided between them: ${short(5)}, ${short(6)}.`,
  ]);
});

test('without bisect, two commits are measured; the exit code is that of their row', {
  skip: noGit,
}, async () => {
  const made = await twelveCommits('codes', [1, 2, 3, 10, 11, 12]);
  for (const [verdict, code, text] of [
    ['regressed', 3, /^Confirmed: /],
    ['unchanged', 0, /^Not confirmed: .* is unchanged between these commits\.$/],
    ['improved', 0, /^Not confirmed: /],
    ['inconclusive', 2, /^Not confirmed: .* is inconclusive /],
    ['not confirmed', 2, /^Not confirmed: /],
    [null, 2, /^Not confirmed: .* is not measured /],
  ] as const) {
    const confirmed = await confirmWith(made, () => verdict, false);
    assert.equal(confirmed.code, code, String(verdict));
    assert.match(confirmed.printed.join('\n'), text);
    assert.equal(confirmed.asked.length, 1);
  }
});

test('a change between two runs of one commit is the machine', { skip: noGit }, async () => {
  const made = await twelveCommits('same', [5]);
  await assert.rejects(
    confirmWith(made, () => 'regressed'),
    {
      message: `crawl, semaphore@100 changed between two runs of ${made.short(5)}, so the machine changed and not the code.`,
    },
  );
});

/** Waits so long that what else this machine does matters little. */
const LONG_BENCHMARK = BENCHMARK.replace('latencyMs: 25', 'latencyMs: 100').replace('[2, 6]', '[6]');
/** Each request of 100 ms takes a fifth longer. */
const SLOW_CRAWL = CRAWL.replace(
  'await (await fetch(url)).text()',
  '{ await new Promise((resolve) => setTimeout(resolve, 20)); await (await fetch(url)).text(); }',
);

test('show names the neighbourhood, confirm ends with 3, and bisect finds the commit', {
  skip: noGit || skipSlow,
  timeout: 1_200_000,
}, async () => {
  const top = repositories.make('twelve', { ...PACKAGE, 'bench/crawl.overlap.js': LONG_BENCHMARK });
  const runs = join(scratch, 'twelve');
  const commits: string[] = [];
  const number = (id: string) => commits.findIndex((one) => one.startsWith(id)) + 1;
  for (let at = 1; at <= 12; at++) {
    const code = at < 7 ? CRAWL : SLOW_CRAWL;
    writeFiles(top, { 'src/crawl.js': `// State ${at}.\n${code}` });
    commits.push(commit(top, at === 7 ? 'wait before each request' : `state ${at}`));
    for (const _ of [1, 2]) {
      const measured = await run('bench', '--project', top, '--profile', 'smoke', '--report', 'off');
      assert.equal(measured.code, 0, measured.err);
      const added = await run('history', 'add', '--project', top, '--to', runs);
      assert.equal(added.code, 0, added.err);
    }
  }
  const shown = await run('history', 'show', runs, '--project', top);
  assert.equal(shown.code, 0, shown.err);
  const [, before, later] =
    /^slower: crawl, [\s\S]*? changed between\s(\w{9})\sand\s(\w{9})/m.exec(shown.out) ??
    assert.fail(shown.out);
  assert.ok(number(before!) < 7 && number(later!) >= 7, shown.out);
  const found = await run('history', 'confirm', runs, '--bisect', '--project', top);
  assert.equal(found.code, 3, found.out + found.err);
  assert.match(found.out, /^Confirmed: crawl, /m);
  assert.match(
    found.out,
    new RegExp(`^The change came with ${commits[6]!.slice(0, 9)}: wait before each request$`, 'm'),
  );
  assert.equal(git(top, 'worktree', 'list').trim().split('\n').length, 1);
});
