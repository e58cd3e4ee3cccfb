import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { addRun, readHistory } from '../../../harness/history/history-files.ts';
import { madeUpHistoryRun } from '../../fixtures/history-runs.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'overlap-history-')), 'runs');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

test('runs come back in the order of their commits, those of one commit in the order of measuring', () => {
  const [first, second, third] = [0, 1, 2].map((commit) => madeUpHistoryRun(commit));
  const again = { ...second!, id: 'aaaaaaaaaaaa', measuredAt: '2026-02-01T00:00:00.000Z' };
  for (const run of [third!, again, first!, second!]) assert.equal(addRun(folder, run).known, false);
  const { runs, faults } = readHistory(folder);
  assert.deepEqual(faults, []);
  assert.deepEqual(runs, [first, second, again, third]);
});

test('each run is a file of its own, named by the date of its commit', () => {
  const { name } = addRun(folder, madeUpHistoryRun(1));
  assert.equal(name, '20260102T000000Z-01ccccccc-000000000001.json');
  assert.deepEqual(readdirSync(folder), [name]);
  assert.deepEqual(addRun(folder, madeUpHistoryRun(1)), { name, known: true });
});

test('a folder that does not exist has no runs', () => {
  assert.deepEqual(readHistory(folder), { runs: [], faults: [] });
});

test('damaged, foreign, newer and duplicate files get one sentence each, and the rest is read', () => {
  const { name } = addRun(folder, madeUpHistoryRun(0));
  const text = readFileSync(join(folder, name), 'utf8');
  writeFileSync(join(folder, 'cut.json'), text.slice(0, 100));
  writeFileSync(join(folder, 'foreign.json'), '{ "name": "crawler" }');
  writeFileSync(join(folder, 'null.json'), 'null');
  writeFileSync(join(folder, 'newer.json'), text.replace('"historyVersion":1', '"historyVersion":2'));
  writeFileSync(join(folder, 'wrong.json'), text.replace('"speedup":{"value":10', '"speedup":{"value":-10'));
  writeFileSync(join(folder, 'notes.md'), 'not a run');
  cpSync(join(folder, name), join(folder, 'z-copy.json'));
  const { runs, faults } = readHistory(folder);
  assert.equal(runs.length, 1);
  assert.deepEqual(faults, [
    'cut.json is not JSON, or was cut short, and is left out.',
    'foreign.json is not a run of a history, and is left out.',
    'newer.json is of a newer release (history version 2), and is left out.',
    'null.json is not a run of a history, and is left out.',
    'wrong.json is damaged at /rows/0/speedup/value, and is left out.',
    `z-copy.json is the same run as ${name}, and counts once.`,
  ]);
});
