import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadExperiment } from '../../../../harness/measure/plan/catalog.ts';
import { type PlanInput, planRun, type Request } from '../../../../harness/measure/plan/plan.ts';
import { chooseRecords, type Given, planResumed } from '../../../../harness/measure/plan/resume.ts';
import type { Peer, SkippedPeer } from '../../../../harness/measure/process/peers.ts';
import type { RunRecord } from '../../../../harness/record/schema.ts';
import { kinds } from '../../../fixtures/kinds.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';

const entry = await loadExperiment(join(import.meta.dirname, '../../../fixtures/experiments/peering.ts'));
const { environment } = madeUpRecord([]);
const peer = (id: string, version = '1.0'): Peer => ({
  id,
  runtime: 'python',
  command: { command: 'python3', args: [`${id}.py`] },
  versions: { python: '3.11.0', [id]: version },
  strategies: { crawl: ['serial'] },
});
const none = { found: [], skipped: [] };
const both = { found: [peer('aiohttp'), peer('gevent')], skipped: [] };
const skipped: SkippedPeer = { id: 'tornado', reason: 'python3 has no tornado.' };

/** The record of a run that was killed at once. */
async function begun(
  given: Partial<Request> = {},
  peers: NonNullable<PlanInput['peers']> = none,
): Promise<RunRecord> {
  const request = { names: [], profile: 'smoke', rounds: undefined, seed: 7, ...given } as const;
  const [plan] = await planRun({ catalog: [entry], kinds, request, environment, peers });
  return plan!.record;
}

/** Resumes a record, by default on the same machine. */
async function resume(
  record: RunRecord,
  given: Partial<Given> = {},
  present: Partial<Parameters<typeof planResumed>[2]> = {},
) {
  const records = chooseRecords([record], { names: [], ...given });
  const same = record.remote && { kind: 'latency', ...record.remote };
  return planResumed([entry], records, { environment, kinds, peers: none, remote: same, ...present });
}

const remote = { kind: 'latency', origin: 'http://10.0.0.2:8000', version: '1.0.0' };
const until = { share: 0.02, withinMinutes: 10 };
for (const [what, record, peers] of [
  ['another profile than the default', await begun({ profile: 'book' }), none],
  ['rounds and a seed', await begun({ rounds: 50, seed: 9 }), none],
  ['an end by precision', await begun({ until }), none],
  ['a target elsewhere', await begun({ remote }), none],
  ['peers off, where they could run', await begun(), both],
  ['peers', await begun({}, both), both],
  ['a peer that could not run', await begun({}, { found: [peer('aiohttp')], skipped: [skipped] }), both],
] as const)
  test(`a run with ${what} is resumed unchanged, without an option`, async () => {
    const [plan] = await resume(record, {}, { peers });
    assert.equal(plan!.record, record);
    assert.deepEqual(
      plan!.peers.map(({ id }) => id),
      record.peers!.map(({ id }) => id),
    );
  });

test("an option that equals the run's is no contradiction", async () => {
  const given = { names: ['peering'], profile: 'smoke', rounds: 50, seed: 7, until: 0.02 } as const;
  await resume(await begun({ rounds: 50, until, remote }), {
    ...given,
    target: 'http://10.0.0.2:8000/',
    peers: 'off',
  });
  await resume({ ...(await begun({ rounds: 9, until })), status: 'ok' }, { rounds: 50 });
  await resume(await begun({}, both), { peers: 'require' }, { peers: both });
  await resume(await begun({}, both), { peers: 'auto' }, { peers: both });
  for (const peers of [['python'], ['gevent', 'aiohttp']])
    await resume(await begun({}, both), { peers }, { peers: both });
  await resume(await begun(), { shard: { text: '1/2', ids: ['peering'] } });
});

for (const [option, given, record, has] of [
  ['crawl', { names: ['crawl'] }, await begun(), 'peering'],
  ['--profile book', { profile: 'book' }, await begun(), 'profile smoke'],
  ['--rounds 3', { rounds: 3 }, await begun({ rounds: 50 }), '50 rounds'],
  ['--seed 8', { seed: 8 }, await begun(), 'seed 7'],
  ['--until 5 %', { until: 0.05 }, await begun({ until }), '--until 2 %'],
  ['--until 5 %', { until: 0.05 }, await begun(), 'a fixed number of rounds'],
  [
    '--target http://10.0.0.3:8000',
    { target: 'http://10.0.0.3:8000' },
    await begun({ remote }),
    remote.origin,
  ],
  ['--target nonsense', { target: 'nonsense' }, await begun(), 'a target of its own'],
  ['--peers off', { peers: 'off' }, await begun({}, both), 'these: aiohttp, gevent'],
  ['--peers auto', { peers: 'auto' }, await begun(), 'no peers'],
  ['--peers gevent', { peers: ['gevent'] }, await begun({}, both), 'these: aiohttp, gevent'],
  ['--peers python,go', { peers: ['python', 'go'] }, await begun({}, both), 'these: aiohttp, gevent'],
  [
    '--peers require',
    { peers: 'require' },
    await begun({}, { found: [peer('aiohttp')], skipped: [skipped] }),
    'these: aiohttp',
  ],
  ['--shard 2/2', { shard: { text: '2/2', ids: ['crawl'] } }, await begun(), 'peering'],
] as [string, Partial<Given>, RunRecord, string][])
  test(`${option} is refused by its name for a run that has ${has}`, async () => {
    await assert.rejects(resume(record, given), {
      message: `${option} contradicts the run to resume, which has ${has}; leave it out, or start again without --resume.`,
    });
  });

test('only the named experiments of a run are resumed', async () => {
  const other = { ...(await begun()), experiment: { ...(await begun()).experiment, id: 'crawl' } };
  const chosen = chooseRecords([other, await begun()], { names: ['peering'] });
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
    'it ran on Node 24.0.0 and now runs on Node 26.0.0',
  ],
  [
    'another undici',
    { environment: { ...environment, packages: { undici: '8.0.0' } } },
    'it ran with undici 8.12.4 and now runs with 8.0.0',
  ],
  [
    'another processor',
    { environment: { ...environment, cpu: { model: 'other', count: 4 } } },
    'it ran on 2 cores of made up and now runs on 4 cores of other',
  ],
  [
    'another system',
    { environment: { ...environment, os: { ...environment.os, release: '6.2' } } },
    'it ran on linux 6.1 for x64 and now runs on linux 6.2 for x64',
  ],
  [
    'another commit',
    { environment: { ...environment, git } },
    'it ran from no commit and now runs from 012345678',
  ],
  ['another server', { remote: { ...remote, version: '2.0.0' } }, 'its target has changed'],
] as const)
  test(`${what} is refused, and named`, async () => {
    await assert.rejects(resume(await begun({ remote }), {}, { remote, ...present }), {
      message: `peering cannot be resumed, because ${sentence}; start again without --resume.`,
    });
  });

test('a changed experiment, and a missing or changed peer, are refused', async () => {
  const changed = { ...(await begun()), parameters: { requests: 1 } };
  await assert.rejects(
    resume(changed),
    /^Error: peering cannot be resumed, because its experiment has changed; /,
  );
  const record = await begun({}, both);
  await assert.rejects(
    resume(
      record,
      {},
      { peers: { found: [peer('aiohttp')], skipped: [{ id: 'gevent', reason: 'It is gone.' }] } },
    ),
    /^Error: peering cannot be resumed, because gevent has rows there and cannot run now\. It is gone\.$/,
  );
  await assert.rejects(
    resume(record, {}, { peers: { ...both, found: [peer('aiohttp', '2.0'), peer('gevent')] } }),
    /because aiohttp ran with aiohttp 1\.0 and now has 2\.0; --python names another interpreter\.$/,
  );
});

test('a failed row stays failed, and the others continue', async () => {
  const record = await begun({}, both);
  const [first, second, ...others] = record.variants;
  const lost = { ...record, variants: [first!, { ...second!, error: 'it died' }, ...others] };
  const [plan] = await resume(lost, {}, { peers: both });
  assert.equal(plan!.record, lost);
});
