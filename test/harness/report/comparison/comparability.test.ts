import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRecord } from '../../../../harness/record/schema.ts';
import {
  differences,
  distrust,
  Incomparable,
  pairRecords,
  refuseOtherBaselines,
  refuseOtherWork,
} from '../../../../harness/report/comparison/comparability.ts';
import { compareRuns } from '../../../../harness/report/comparison/comparison.ts';
import { madeUpRecord, TENFOLD } from '../../../fixtures/record.ts';

const record = (given: Partial<RunRecord> = {}, id = 'crawl'): RunRecord => ({
  ...madeUpRecord(TENFOLD, { id }),
  ...given,
});
const moved = (given: Partial<RunRecord['environment']>, id = 'crawl') =>
  record({ environment: { ...madeUpRecord([]).environment, ...given } }, id);
const remote = (origin: string, settings?: NonNullable<RunRecord['remote']>['settings']) =>
  record({ remote: { origin, version: '0.1.0', ...(settings === undefined ? {} : { settings }) } });
const differencesOf = (before: RunRecord[], after: RunRecord[]) =>
  differences(pairRecords(before, after), false).map(({ what }) => what);

test('every record of two runs is looked at, and what differs in some alone is said with their names', () => {
  const before = [record(), record({}, 'yielding')];
  const other = {
    node: '22.19.0',
    cpu: { model: 'another', count: 4 },
    undici: { installed: '7.0.0', insideNode: '6.0.0' },
  };
  assert.deepEqual(differencesOf(before, [record(), moved(other, 'yielding')]), [
    'The runs differ in Node (yielding): 24 before, 22 now.',
    'The runs differ in the processor (yielding): made up before, another now.',
    'The runs differ in the number of cores (yielding): 2 before, 4 now.',
    'The runs differ in undici (yielding): 8.12.4 before, 7.0.0 now.',
  ]);
  assert.deepEqual(
    differencesOf(before, [moved({ node: '26.0.0' }), moved({ node: '26.0.0' }, 'yielding')]),
    ['The runs differ in Node: 24 before, 26 now.'],
  );
  assert.deepEqual(differencesOf(before, before), []);
});

test('strictness refuses what differs in the second record alone', () => {
  const [before, after] = [
    [record(), record({}, 'yielding')],
    [record(), moved({ node: '22.19.0' }, 'yielding')],
  ];
  assert.equal(compareRuns(before, after, { margin: 0.05 }).warnings.length, 1);
  assert.throws(
    () => compareRuns(before, after, { margin: 0.05, strict: true }),
    (error) => error instanceof Incomparable && /^With --strict: .*\(yielding\)/.test(error.message),
  );
});

test('a target of its own and one elsewhere are other work, and so are other settings', () => {
  const refuse = (before: RunRecord, after: RunRecord) => refuseOtherWork({ before, after });
  const [here, there] = ['http://127.0.0.1:8000', 'http://10.0.0.2:8000'];
  assert.throws(
    () => refuse(record(), remote(here, {})),
    /^Error: crawl waited on a target of its own before and on the target at http:\/\/127\.0\.0\.1:8000 now: other work\.$/,
  );
  assert.throws(() => refuse(remote(here, {}), record()), Incomparable);
  assert.throws(
    () => refuse(remote(here, { seed: 1 }), remote(here, { capacity: 20, seed: 1, size: 100_000 })),
    /other settings \(capacity unset before, 20 now; size unset before, 100000 now\): other work\.$/,
  );
  refuse(remote(here, { capacity: 20, size: 9 }), remote(here, { size: 9, capacity: 20 }));
  assert.deepEqual(differencesOf([remote(here, {})], [remote(there, {})]), [
    'The runs differ in the address of the target: http://127.0.0.1:8000 before, http://10.0.0.2:8000 now.',
  ]);
});

test('a database of its own and that of DATABASE_URL are other work', () => {
  const given = record({ givenTargets: ['postgresql'], targetVersions: { postgresql: 'PostgreSQL 18.4' } });
  assert.throws(
    () => refuseOtherWork({ before: record(), after: given }),
    /^Error: crawl waited on a target of its own before and on that of DATABASE_URL now: other work\.$/,
  );
  refuseOtherWork({ before: given, after: given });
});

test('settings that an older record does not tell are a warning', () => {
  const origin = 'http://127.0.0.1:8000';
  const [before, after] = [remote(origin), remote(origin, { capacity: 20 })];
  refuseOtherWork({ before, after });
  assert.deepEqual(differencesOf([before], [after]), [
    'The runs differ in whether the settings of the target are known: no before, yes now.',
  ]);
});

test('variables that may change what is measured, and a proxy, are a warning', () => {
  const origin = 'http://10.0.0.2:8000';
  const kept = record({ remote: { origin, version: '0.1.0', settings: {}, keepProxy: true } });
  const variables = { set: { UV_THREADPOOL_SIZE: '16', LD_PRELOAD: null }, dropped: ['http_proxy'] };
  const environment = { ...kept.environment, variables };
  assert.deepEqual(differencesOf([remote(origin, {})], [{ ...kept, environment }]), [
    'The runs differ in the environment variables: none before, LD_PRELOAD UV_THREADPOOL_SIZE=16 now.',
    'The runs differ in the proxy of the clients: none before, kept now.',
  ]);
  const dropped = { ...kept.environment, variables: { set: {}, dropped: ['http_proxy'] } };
  assert.deepEqual(differencesOf([record()], [record({ environment: dropped })]), []);
});

test('another release of a database is a warning', () => {
  const versions = ['PostgreSQL 17.2', 'PostgreSQL 18.4'].map((server) =>
    record({ targetVersions: { server } }),
  );
  assert.deepEqual(differencesOf([versions[0]!], [versions[1]!]), [
    'The runs differ in the release of the target: PostgreSQL 17.2 before, PostgreSQL 18.4 now.',
  ]);
});

test('a row of another number of jobs is other work, and speedups over another baseline are refused', () => {
  const before = record();
  const more = record({ variants: before.variants.map((variant) => ({ ...variant, jobs: 20 })) });
  assert.throws(
    () => refuseOtherWork({ before, after: more }),
    /crawl: serial did 10 jobs before and 20 now/,
  );
  const renamed = record({
    variants: before.variants.map((variant) => ({ ...variant, id: variant.baseline ? 'one' : variant.id })),
  });
  assert.throws(
    () => refuseOtherBaselines({ before, after: renamed }),
    /^Error: The baseline of crawl was serial before and is one now, so that speedups cannot be compared\.$/,
  );
});

test('an experiment without a finished round on both sides refuses nothing', () => {
  const unfinished = record({ profile: 'book', samples: [] });
  assert.deepEqual(pairRecords([record()], [unfinished]), []);
  assert.deepEqual(pairRecords([unfinished], [record()]), []);
  assert.equal(pairRecords([record()], [record()]).length, 1);
});

test('a run whose own pairs differ is named, and strictness refuses it', () => {
  const doubtful = [madeUpRecord(TENFOLD, { twinTimes: TENFOLD.map(([baselineMs]) => baselineMs * 1.1) })];
  const { warnings } = compareRuns(doubtful, [record()], { margin: 0.05 });
  assert.deepEqual(warnings, [
    {
      what: 'The run before is not to be trusted: identical variants differ by -9.1 % (-9.1 to -9.1).',
      remedy: 'Run it again on a machine that does nothing else.',
    },
  ]);
  assert.match(compareRuns([record()], doubtful, { margin: 0.05 }).warnings[0]!.what, /^The run now is not/);
  assert.throws(() => compareRuns([record()], doubtful, { margin: 0.05, strict: true }), Incomparable);
  assert.deepEqual(distrust([record()], [record()]), []);
});
