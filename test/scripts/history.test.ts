import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { addRun } from '../../harness/history/history-files.ts';
import { writeRecord } from '../../harness/record/record-files.ts';
import { main as history } from '../../scripts/history.ts';
import { callHere } from '../fixtures/command.ts';
import { madeUpHistoryRun, madeUpRuns } from '../fixtures/history-runs.ts';
import { madeUpRecord, TENFOLD } from '../fixtures/record.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-history-'));
after(() => rmSync(scratch, { recursive: true }));
let number = 0;
const newFolder = () => mkdtempSync(join(scratch, `${number++}-`));

/** A directory with a run of a commit. */
function runOf(commit: string | null, dirty = false): string {
  const directory = newFolder();
  const record = madeUpRecord(TENFOLD);
  const git = commit === null ? null : { commit, dirty };
  writeRecord(directory, { ...record, environment: { ...record.environment, git } });
  return directory;
}

test('add puts a run into a folder once', async () => {
  const [directory, folder] = [runOf('f'.repeat(40), true), join(newFolder(), 'deep', 'runs')];
  const first = await callHere(history, 'add', directory, '--to', folder);
  assert.equal(first.code, 0);
  assert.match(first.out, /: 2 rows of f{9}\.\n$/);
  assert.match(
    first.err,
    /^git does not know the commit f{40}; the run stands at the time when it was measured\.\n/,
  );
  assert.match(first.err, /Files differed from f{9} when this was measured\.\n/);
  const second = await callHere(history, 'add', directory, '--to', folder);
  assert.deepEqual([second.code, / has this run already\.\n$/.test(second.out)], [0, true]);
  assert.equal(readdirSync(folder).length, 1);
});

test('add refuses a directory without records, and a run without a commit', async () => {
  const none = await callHere(history, 'add', newFolder());
  assert.deepEqual([none.code, /^There are no records in /.test(none.err)], [1, true]);
  const { code, err } = await callHere(history, 'add', runOf(null), '--to', newFolder());
  assert.deepEqual([code, err], [1, 'This run has no commit, so it has no place in a history.\n']);
});

test('show prints what changed and the rows, warns of wrong files, and writes JSON', async () => {
  const folder = newFolder();
  for (const run of madeUpRuns(30, (commit) => (commit < 17 ? 1 : 0.9))) addRun(folder, run);
  writeFileSync(join(folder, 'other.json'), '{}');
  const json = join(newFolder(), 'history.json');
  const { code, out, err } = await callHere(history, 'show', folder, '--json', json);
  assert.equal(code, 0);
  assert.equal(err, 'Warning: other.json is not a run of a history, and is left out.\n');
  assert.match(out, /^slower: crawl, semaphore@100 changed between 10ccccccc and 11ccccccc: 0\.9/);
  const { changes, series } = JSON.parse(readFileSync(json, 'utf8'));
  assert.deepEqual(
    changes.map(({ kind, nearest }: { kind: string; nearest: string[] }) => [kind, nearest[1]!.slice(0, 2)]),
    [['step', '11']],
  );
  assert.equal(series[0].points.length, 30);
});

test('a larger margin tells fewer changes, and a row shows its runs', async () => {
  const folder = newFolder();
  for (const run of madeUpRuns(30, (commit) => (commit < 17 ? 1 : 0.9))) addRun(folder, run);
  const { out } = await callHere(history, 'show', folder, '--margin', '0.2');
  assert.match(out, /^No row changed by more than 20 %\.\n/);
  const row = await callHere(history, 'show', folder, '--row', 'crawl, semaphore@100');
  assert.match(row.out, /^crawl, semaphore@100: 30 runs on made up/);
  const unknown = await callHere(history, 'show', folder, '--row', 'crawl');
  assert.deepEqual(
    [unknown.code, unknown.err],
    [1, 'There is no row "crawl"; there are "crawl, semaphore@100".\n'],
  );
});

test('an empty history is nothing to compare', async () => {
  const { code, err } = await callHere(history, 'show', newFolder());
  assert.equal(code, 2);
  assert.match(err, /^There are no runs in .*; npm run history -- add adds one\.\n$/);
});

test('two runs of one commit are two runs', async () => {
  const folder = newFolder();
  addRun(folder, madeUpHistoryRun(1));
  addRun(folder, { ...madeUpHistoryRun(1), id: 'aaaaaaaaaaaa' });
  const { out } = await callHere(history, 'show', folder);
  assert.match(out, /^2 runs of 1 commit, /m);
});
