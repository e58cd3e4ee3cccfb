import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { type Job, loadStrategy, type RunJob } from '../../harness/model/job.ts';
import type { ComparedRow } from '../../harness/report/comparison/comparison.ts';
import { baseText } from '../../studies/gate/base/base-table.ts';
import { type BaseTry, readTries } from '../../studies/gate/base/base-tries.ts';
import { CASES, ENOUGH_TRIES } from '../../studies/gate/base/gate-cases.ts';
import {
  measureTries,
  nextCase,
  tableFileOf,
  told,
  triesFileOf,
} from '../../studies/gate/base/measure-base.ts';
import { openSlowedRepository } from '../../studies/gate/base/slowed-repository.ts';
import { git, noGit } from '../fixtures/git.ts';
import { project } from '../fixtures/project.ts';
import { skipSlow } from '../fixtures/slow.ts';

// Other tests may run on this machine, so leftovers are searched in a temporary folder of this test only.
const scratch = mkdtempSync(join(tmpdir(), 'overlap-gate-base-'));
process.env.TMPDIR = scratch;
after(() => rmSync(scratch, { recursive: true }));
const { signal } = new AbortController();
const slowedFolders = () => readdirSync(scratch).filter((name) => name.startsWith('overlap-slowed-'));

const aTry = (name: string, some: Partial<BaseTry> = {}): BaseTry => ({
  case: name,
  commit: 'none',
  seconds: 60,
  rounds: 6,
  roundsAgain: null,
  timeRatio: { value: 1, low: 0.99, high: 1.01 },
  regressed: [],
  confirmed: [],
  inconclusive: [],
  ...some,
});
const kept = (...tries: readonly BaseTry[]) => ({ conditions: {}, tries });
const [SLOWER, , UNCHANGED] = CASES.map(({ name }) => name) as [string, string, string];

test('the kept text is what the kept tries say', () => {
  const tries = readTries(triesFileOf(project));
  assert.equal(
    readFileSync(tableFileOf(project), 'utf8'),
    `${baseText(tries!)}\n`,
    'run npm run measure-gate',
  );
});

test('the case with the fewest tries is next, until each has enough', () => {
  const names = CASES.map(({ name }) => name);
  const nextOf = (wanted: number, ...of: readonly string[]) =>
    nextCase(kept(...of.map((name) => aTry(name))), CASES, wanted)?.name;
  assert.equal(nextOf(2), names[0]);
  assert.equal(nextOf(2, names[0]!), names[1]);
  assert.equal(nextOf(2, ...names, names[0]!, names[1]!), names[2]);
  assert.equal(nextOf(2, ...names, ...names), undefined);
});

test('a try says which rows regressed, and of them those that did so again', () => {
  const row = (variant: string, verdict: string, again?: number) =>
    ({
      ...{ experiment: 'crawl', group: '', variant, verdict, rounds: { before: 7, after: 7 } },
      ...{ timeRatio: { value: 1.1, low: 1.08, high: 1.12 }, ratio: { value: 0.9, low: null, high: null } },
      ...(again === undefined ? {} : { again: { rounds: { before: again, after: again } } }),
    }) as ComparedRow;
  const rows = [
    row('serial', 'unchanged'),
    row('semaphore@100', 'regressed', 6),
    row('promise-all', 'not confirmed', 9),
    row('callbacks@100', 'inconclusive'),
  ];
  assert.deepEqual(told({ rows }), {
    rounds: 7,
    roundsAgain: 6,
    timeRatio: { value: 1.1, low: 1.08, high: 1.12 },
    regressed: ['crawl, semaphore@100', 'crawl, promise-all'],
    confirmed: ['crawl, semaphore@100'],
    inconclusive: ['crawl, callbacks@100'],
  });
});

test('the table counts tries, and stands only where each case has enough of them', () => {
  const row = 'crawl, semaphore@100';
  const tries = CASES.flatMap(({ name }) => Array.from({ length: ENOUGH_TRIES - 1 }, () => aTry(name)));
  const begun = baseText(kept(...tries));
  assert.match(begun, /^\*\*This study is begun\.\*\* It has 39 of "10 % slower", .* needs 40 tries of each/);
  const last = CASES.map(({ name }) =>
    name === SLOWER
      ? aTry(name, { regressed: [row, 'crawl, serial'], confirmed: [row], roundsAgain: 8, seconds: 95.4 })
      : aTry(name, { regressed: name === UNCHANGED ? [row] : [row, 'crawl, serial'], confirmed: [row] }),
  );
  const cells = baseText(kept(...tries, ...last))
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()));
  assert.deepEqual(cells[2]!.slice(1, -1), [
    ...['semaphore@100, 10 % slower', '5 %', '1 of 40', '0 of 40', '0 of 40', '1 of 40'],
    ...['6 (6 to 6)', '8 (8 to 8)', '60 (60 to 95)'],
  ]);
  // Where nothing changed, any row that regressed is a false alarm.
  assert.deepEqual(cells[4]!.slice(1, 8), ['no change', '5 %', '', '', '1 of 40', '0 of 40', '6 (6 to 6)']);
});

test('the repository differs from its commit in the slowdown alone, and is removed', {
  skip: noGit,
}, async () => {
  const { root, slow, remove } = await openSlowedRepository(signal);
  assert.equal(git(root, 'status', '--porcelain'), '');
  slow(1);
  assert.match(git(root, 'diff'), /^-export const share = 0;\n\+export const share = 1;$/m);
  assert.equal(git(root, 'status', '--porcelain'), ' M src/slowed-share.js\n');
  const { default: slowed } = await import(join(root, 'bench/crawl.overlap.js'));
  const { default: crawl } = await import('../../benchmarks/crawl.ts');
  const rowsOf = (of: typeof crawl) => of.variants(crawl.profiles.smoke!);
  assert.deepEqual(
    rowsOf(slowed).map(({ id }) => id),
    rowsOf(crawl).map(({ id }) => id),
  );
  const timeOf = async (row: string) => {
    const strategy = await loadStrategy(rowsOf(slowed).find(({ id }) => id === row)!.strategy);
    const startMs = performance.now();
    const run: RunJob = Object.assign((job: Job<unknown>) => job.send() as Promise<never>, {
      compute() {},
      call() {},
    });
    await strategy([{ id: 0, send: () => wait(50) }], run);
    return performance.now() - startMs;
  };
  // Timers may fire a little early; whether a row is not slowed has no bound that holds on a busy machine.
  assert.ok((await timeOf('semaphore@100')) > 95);
  remove();
  assert.deepEqual(slowedFolders(), []);
});

test('tries are kept as they end, and the next call goes on', {
  skip: noGit || skipSlow,
  timeout: 600_000,
}, async () => {
  const file = join(scratch, 'kept', 'tries.json');
  const wanted = { file, cases: CASES.slice(0, 2), tries: 1, profile: 'smoke' } as const;
  const said: string[] = [];
  const io = { signal, say: (line: string) => void said.push(line) };
  assert.deepEqual((await measureTries(project, { ...wanted, withinMs: 0 }, io)).tries, []);
  const first = await measureTries(project, { ...wanted, withinMs: 1 }, io);
  assert.deepEqual(readTries(file), first);
  const both = await measureTries(project, { ...wanted, withinMs: Number.POSITIVE_INFINITY }, io);
  assert.deepEqual(both.tries[0], first.tries[0]);
  assert.deepEqual(
    both.tries.map((one) => one.case),
    wanted.cases.map(({ name }) => name),
  );
  assert.ok(both.tries.every(({ rounds, seconds }) => rounds >= 6 && seconds > 0));
  assert.match(said.join('\n'), /^10 % slower, 1 of 1: \d+ s; regressed: .*\.\n5 % slower, 1 of 1: /);
  assert.ok(existsSync(file.replace(/json$/, 'md')));
  assert.deepEqual(slowedFolders(), []);
});
