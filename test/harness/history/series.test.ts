import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runOfRecords } from '../../../harness/history/run-of-records.ts';
import { seriesOf } from '../../../harness/history/series.ts';
import type { RunRecord } from '../../../harness/record/schema.ts';
import { madeUpHistoryRun, madeUpRow } from '../../fixtures/history-runs.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

const DATES = { committedAt: '2026-01-02T00:00:00.000Z', measuredAt: '2026-01-03T00:00:00.000Z' };
const record = (changes: Partial<RunRecord> = {}): RunRecord => {
  const made = madeUpRecord(TENFOLD);
  return {
    ...made,
    environment: { ...made.environment, git: { commit: 'a'.repeat(40), dirty: false } },
    ...changes,
  };
};
const workOf = (changes: Partial<RunRecord>) => runOfRecords([record(changes)], DATES).rows[1]!.work;

test('a run has each row with its speedup, its share of the bound, and the times of both sides', () => {
  const { commit, machine, rows, node } = runOfRecords([record()], DATES);
  assert.deepEqual(commit, { id: 'a'.repeat(40), date: DATES.committedAt, dirty: false });
  assert.deepEqual(machine, { processor: 'made up', cores: 2, system: 'linux x64' });
  assert.equal(node, '24.0.0');
  const [serial, other] = rows;
  assert.deepEqual([serial!.variant, serial!.baseline, serial!.speedup.value], ['serial', true, 1]);
  assert.equal(other!.variant, 'promise-all');
  assert.ok(Math.abs(other!.speedup.value - other!.baselineTimeMs.value / other!.timeMs.value) < 0.2);
  assert.ok(other!.speedup.low! <= other!.speedup.value && other!.speedup.value <= other!.speedup.high!);
  assert.ok(Math.abs(other!.efficiency! - 0.9) < 1e-6);
});

test('the work is the same in any order of settings and number of rounds, and other with other settings', () => {
  const same = workOf({});
  assert.equal(workOf({ parameters: { delayMs: 10, requests: 10 } }), same);
  assert.equal(workOf({ seed: 5 }), same);
  assert.notEqual(workOf({ parameters: { delayMs: 10, requests: 11 } }), same);
  assert.notEqual(workOf({ profile: 'smoke' }), same);
  assert.notEqual(workOf({ targets: { server: { kind: 'latency', capacity: 4 } } }), same);
  const { variants } = record();
  const jobs = (index: number) => variants.map((one, at) => (at === index ? { ...one, jobs: 11 } : one));
  assert.notEqual(workOf({ variants: jobs(1) }), same, 'its own jobs');
  assert.notEqual(workOf({ variants: jobs(0) }), same, "its baseline's jobs");
});

test('the same samples have the same id, others another', () => {
  const idOf = (one: RunRecord) => runOfRecords([one], DATES).id;
  assert.equal(idOf(record()), idOf(record()));
  assert.notEqual(idOf({ ...record(), samples: record().samples.slice(1) }), idOf(record()));
});

test('records without a commit, of two commits or of two profiles are no run', () => {
  const run =
    (...records: RunRecord[]) =>
    () =>
      runOfRecords(records, DATES);
  assert.throws(run(madeUpRecord(TENFOLD)), /This run has no commit, so it has no place in a history\./);
  const other = madeUpRecord(TENFOLD, { id: 'other' });
  const elsewhere = {
    ...other,
    environment: { ...other.environment, git: { commit: 'b'.repeat(40), dirty: false } },
  };
  assert.throws(run(record(), elsewhere), /crawl and other are not of one run: they differ in commit\./);
  assert.throws(
    run(record(), { ...other, environment: record().environment, profile: 'smoke' }),
    /crawl ran in profile quick, other in smoke\./,
  );
  assert.throws(run(record({ samples: [] })), /has no finished row/);
});

test('a machine, a first number of Node or a profile of its own is a series of its own; so is other work', () => {
  const runs = [
    madeUpHistoryRun(0),
    madeUpHistoryRun(1, { machine: { processor: 'other', cores: 2, system: 'linux x64' } }),
    madeUpHistoryRun(2, { node: '24.22.0' }),
    madeUpHistoryRun(3, { node: '26.0.0' }),
    madeUpHistoryRun(4, { profile: 'smoke' }),
    madeUpHistoryRun(5, { rows: [madeUpRow({ work: 'ffffffffffff' })] }),
    madeUpHistoryRun(6),
  ];
  assert.deepEqual(
    seriesOf(runs).map(({ points }) => points.map(({ run }) => runs.indexOf(run))),
    [[0, 2, 6], [5], [4], [3], [1]],
  );
});
