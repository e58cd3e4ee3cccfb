import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeRecord } from '../../harness/record/record-files.ts';
import type { RunRecord } from '../../harness/record/schema.ts';
import { madeUpRecord } from '../fixtures/record.ts';

const ROOT = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'overlap-compare-'));
after(() => rmSync(scratch, { recursive: true }));

function keep(name: string, record: RunRecord): string {
  const directory = join(scratch, name);
  mkdirSync(directory, { recursive: true });
  writeRecord(directory, record);
  return directory;
}

const times = (factor: number) =>
  [100, 101, 99, 102, 98, 100.5, 99.7].map((ms, index) => [ms, (ms * factor) / (10 + index / 100)] as const);
const before = keep('before', madeUpRecord(times(1)));
const slower = keep('slower', madeUpRecord(times(1.2)));

function compare(...args: string[]) {
  const summary = join(scratch, 'step-summary.md');
  const env = { ...process.env, GITHUB_STEP_SUMMARY: summary };
  return spawnSync(process.execPath, ['scripts/compare.ts', ...args], { cwd: ROOT, encoding: 'utf8', env });
}

test('a regression ends with 3, the same run with 0, and both write what they are asked for', () => {
  const [markdown, json] = [join(scratch, 'table.md'), join(scratch, 'comparison.json')];
  const regressed = compare(before, slower, '--markdown', markdown, '--json', json);
  assert.equal(regressed.status, 3, regressed.stderr);
  assert.match(regressed.stdout, /promise-all.*regressed/);
  assert.match(readFileSync(markdown, 'utf8'), /\| regressed +\|/);
  assert.equal(JSON.parse(readFileSync(json, 'utf8')).rows[0].verdict, 'regressed');
  assert.equal(readFileSync(join(scratch, 'step-summary.md'), 'utf8'), readFileSync(markdown, 'utf8'));
  assert.equal(compare(before, before).status, 0);
  assert.equal(compare(before, slower, '--margin', '0.5').status, 0);
});

test('without a baseline it ends with 2, with a damaged one with 1, each in one sentence', () => {
  const missing = compare(join(scratch, 'nothing'), slower);
  assert.equal(missing.status, 2);
  assert.match(missing.stderr, /^There are no results in .*\n$/);
  const damaged = keep('damaged', madeUpRecord(times(1)));
  writeFileSync(join(damaged, 'crawl.json'), '{"schemaVersion":');
  const broken = compare(damaged, slower);
  assert.equal(broken.status, 1);
  assert.match(broken.stderr, /^.*crawl\.json is not JSON, or was cut short: .*\n$/);
});

test('an experiment that errored is named, and ends with 1, or 3 beside a regression, or 2 where nothing is left', () => {
  const lost: Pick<RunRecord, 'status' | 'reason' | 'samples'> = {
    status: 'errored',
    reason: 'A sample hung.',
    samples: [],
  };
  const both = (name: string, factor: number, given: Partial<RunRecord> = {}) => {
    keep(name, { ...madeUpRecord(times(1), { id: 'yielding' }), ...given });
    return keep(name, madeUpRecord(times(factor)));
  };
  const whole = both('both', 1);
  const errored = compare(whole, both('errored', 1, lost));
  assert.equal(errored.status, 1, errored.stderr);
  assert.match(errored.stdout, /^yielding errored now: A sample hung\.$/m);
  assert.match(errored.stdout, /promise-all.*unchanged/);
  assert.equal(compare(whole, both('errored-and-slower', 1.2, lost)).status, 3);
  const nothing = compare(before, keep('nothing-left', { ...madeUpRecord(times(1)), ...lost }));
  assert.equal(nothing.status, 2);
  assert.match(nothing.stderr, /^The two runs share no row .*: crawl errored now: A sample hung\.\n$/);
});

test('where no row has rounds enough for a verdict it ends with 2, and says how many it takes', () => {
  const few = (name: string, factor: number) => keep(name, madeUpRecord(times(factor).slice(0, 3)));
  const { status, stdout } = compare(few('few', 1), few('few-and-slower', 10));
  assert.equal(status, 2);
  assert.match(stdout, /measure at least 6 on each\s+side, as npm run bench -- --rounds 6 does\./);
});

test('a margin that is none is refused', () => {
  for (const margin of ['0', '1', '-0.1', '5%', 'NaN']) {
    const { status, stderr } = compare(before, slower, `--margin=${margin}`);
    assert.equal(status, 1);
    assert.match(stderr, /It must be a share above 0 and below 1/);
  }
});
