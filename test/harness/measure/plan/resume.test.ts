import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadExperiment } from '../../../../harness/measure/plan/catalog.ts';
import { planRun, type Request } from '../../../../harness/measure/plan/plan.ts';
import { chooseRecords, type Given, planResumed } from '../../../../harness/measure/plan/resume.ts';
import type { Peer, SkippedPeer } from '../../../../harness/measure/process/peers.ts';
import type { RunRecord } from '../../../../harness/record/schema.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';

const entry = await loadExperiment(join(import.meta.dirname, '../../../fixtures/experiments/peering.ts'));
const { environment } = madeUpRecord([]);
const peer = (id: string, version = '1.0'): Peer => ({
  id,
  file: `${id}.py`,
  python: 'python3',
  versions: { python: '3.11.0', [id]: version },
  strategies: { crawl: ['serial'] },
});
const none = { found: [], skipped: [] };
const both = { found: [peer('aiohttp'), peer('gevent')], skipped: [] };
const skipped: SkippedPeer = { id: 'tornado', reason: 'python3 has no tornado.' };

/** The record of a run that was killed at once. */
function begun(given: Partial<Request> = {}, peers: Parameters<typeof planRun>[3] = none): RunRecord {
  const request = { names: [], profile: 'smoke', rounds: undefined, seed: 7, ...given } as const;
  return planRun([entry], request, environment, peers)[0]!.record;
}

/** Goes on with a record, on the same machine unless it is said otherwise. */
function resume(
  record: RunRecord,
  given: Partial<Given> = {},
  present: Partial<Parameters<typeof planResumed>[2]> = {},
) {
  const records = chooseRecords([record], { names: [], ...given });
  return planResumed([entry], records, { environment, peers: none, remote: record.remote, ...present });
}

const remote = { origin: 'http://10.0.0.2:8000', version: '1.0.0' };
const until = { share: 0.02, withinMinutes: 10 };
for (const [what, record, peers] of [
  ['another profile than the default', begun({ profile: 'book' }), none],
  ['rounds and a seed', begun({ rounds: 50, seed: 9 }), none],
  ['an end by precision', begun({ until }), none],
  ['a target elsewhere', begun({ remote }), none],
  ['peers off, where they could run', begun(), both],
  ['peers', begun({}, both), both],
  ['a peer that could not run', begun({}, { found: [peer('aiohttp')], skipped: [skipped] }), both],
] as const)
  test(`a run with ${what} is gone on with as it was, without an option`, () => {
    const [plan] = resume(record, {}, { peers });
    assert.equal(plan!.record, record);
    assert.deepEqual(
      plan!.peers.map(({ id }) => id),
      record.peers!.map(({ id }) => id),
    );
  });

test('what says the same as the run is no contradiction', () => {
  const given = { names: ['peering'], profile: 'smoke', rounds: 50, seed: 7, until: 0.02 } as const;
  resume(begun({ rounds: 50, until, remote }), { ...given, target: 'http://10.0.0.2:8000/', peers: 'off' });
  resume({ ...begun({ rounds: 9, until }), status: 'ok' }, { rounds: 50 });
  resume(begun({}, both), { peers: 'require' }, { peers: both });
  resume(begun({}, both), { peers: 'auto' }, { peers: both });
  resume(begun(), { shard: { text: '1/2', ids: ['peering'] } });
});

for (const [option, given, record, has] of [
  ['crawl', { names: ['crawl'] }, begun(), 'peering'],
  ['--profile book', { profile: 'book' }, begun(), 'profile smoke'],
  ['--rounds 3', { rounds: 3 }, begun({ rounds: 50 }), '50 rounds'],
  ['--seed 8', { seed: 8 }, begun(), 'seed 7'],
  ['--until 5 %', { until: 0.05 }, begun({ until }), '--until 2 %'],
  ['--until 5 %', { until: 0.05 }, begun(), 'a fixed number of rounds'],
  ['--target http://10.0.0.3:8000', { target: 'http://10.0.0.3:8000' }, begun({ remote }), remote.origin],
  ['--target nonsense', { target: 'nonsense' }, begun(), 'a target of its own'],
  ['--peers off', { peers: 'off' }, begun({}, both), 'these: aiohttp, gevent'],
  ['--peers auto', { peers: 'auto' }, begun(), 'no peers'],
  [
    '--peers require',
    { peers: 'require' },
    begun({}, { found: [peer('aiohttp')], skipped: [skipped] }),
    'these: aiohttp',
  ],
  ['--shard 2/2', { shard: { text: '2/2', ids: ['crawl'] } }, begun(), 'peering'],
] as [string, Partial<Given>, RunRecord, string][])
  test(`${option} is refused by its name for a run that has ${has}`, () => {
    assert.throws(() => resume(record, given), {
      message: `${option} contradicts the run to go on with, which has ${has}; leave it out, or start again without --resume.`,
    });
  });

test('only what is named of a run is gone on with', () => {
  const other = { ...begun(), experiment: { ...begun().experiment, id: 'crawl' } };
  const chosen = chooseRecords([other, begun()], { names: ['peering'] });
  assert.deepEqual(
    chosen.map(({ experiment }) => experiment.id),
    ['peering'],
  );
});

const git = { commit: '0123456789abcdef', dirty: false };
for (const [what, present, sentence] of [
  [
    'another Node',
    { environment: { ...environment, node: '26.0.0' } },
    'it ran on Node 24.0.0 and this is 26.0.0',
  ],
  [
    'another undici',
    { environment: { ...environment, packages: { undici: '8.0.0' } } },
    'it ran with undici 8.12.4 and this is 8.0.0',
  ],
  [
    'another processor',
    { environment: { ...environment, cpu: { model: 'other', count: 4 } } },
    'it ran on 2 cores of made up and this is 4 cores of other',
  ],
  ['another commit', { environment: { ...environment, git } }, 'it ran from no commit and this is 012345678'],
  ['another server', { remote: { ...remote, version: '2.0.0' } }, 'its target is another now'],
] as const)
  test(`${what} is refused, and named`, () => {
    assert.throws(() => resume(begun({ remote }), {}, { remote, ...present }), {
      message: `peering cannot be resumed, because ${sentence}; start again without --resume.`,
    });
  });

test('an experiment that has changed, and a peer that is missing or another, are refused', () => {
  const changed = { ...begun(), parameters: { requests: 1 } };
  assert.throws(
    () => resume(changed),
    /^Error: peering cannot be resumed, because its experiment is another now; /,
  );
  const record = begun({}, both);
  assert.throws(
    () =>
      resume(
        record,
        {},
        { peers: { found: [peer('aiohttp')], skipped: [{ id: 'gevent', reason: 'It is gone.' }] } },
      ),
    /^Error: peering cannot be resumed, because gevent has rows there and cannot run now\. It is gone\.$/,
  );
  assert.throws(
    () => resume(record, {}, { peers: { ...both, found: [peer('aiohttp', '2.0'), peer('gevent')] } }),
    /because aiohttp ran with aiohttp 1\.0, and this is 2\.0; --python names another interpreter\.$/,
  );
});

test('a row that went wrong stays as it is, and the others go on', () => {
  const record = begun({}, both);
  const [first, second, ...others] = record.variants;
  const lost = { ...record, variants: [first!, { ...second!, error: 'it died' }, ...others] };
  const [plan] = resume(lost, {}, { peers: both });
  assert.equal(plan!.record, lost);
});
