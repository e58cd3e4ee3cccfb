import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planRun } from '../../../../harness/measure/plan/plan.ts';
import { planResumed } from '../../../../harness/measure/plan/resume.ts';
import type { Peer } from '../../../../harness/measure/process/peers.ts';
import { kinds } from '../../../fixtures/kinds.ts';
import { catalog } from '../../../fixtures/project.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';

const { environment } = madeUpRecord([]);
const remote = { kind: 'latency', origin: 'http://10.0.0.2:8000', version: '1.0.0' };
const peer = { id: 'aiohttp', versions: {}, strategies: { crawl: ['semaphore'] } } as unknown as Peer;
const peers = { found: [peer], skipped: [] };

async function planned(name: string, given: Pick<Parameters<typeof planRun>[0]['request'], 'remote'>) {
  const request = { names: [name], profile: 'quick', rounds: undefined, seed: 1, ...given } as const;
  const [plan] = await planRun({ catalog, kinds, request, environment, peers });
  return plan!;
}

const groupsOf = ({ variants }: Awaited<ReturnType<typeof planned>>['record'], peerId: string | null) => [
  ...new Set(variants.filter(({ peer }) => peer === peerId).map(({ group }) => group)),
];

test('with --target, groups on a second target with settings of its own are left out', async () => {
  const whole = (await planned('concurrency', {})).record;
  assert.deepEqual(Object.keys(whole.targets), ['server', 'limited']);
  assert.deepEqual(groupsOf(whole, null), ['5 ms', '10 ms', 'capacity']);
  const { record, targets } = await planned('concurrency', { remote });
  assert.deepEqual([record.status, record.reason], ['running', null]);
  assert.deepEqual([Object.keys(record.targets), Object.keys(targets)], [['server'], ['server']]);
  assert.deepEqual(groupsOf(record, null), ['5 ms', '10 ms']);
  // Its peers' rows stay.
  assert.deepEqual(groupsOf(record, 'aiohttp'), ['5 ms']);
  const again = await planResumed(catalog, [record], { environment, kinds, peers, remote });
  assert.equal(again[0]!.record, record);
});

test('with --target, an experiment whose first target has settings of its own is skipped', async () => {
  const { record } = await planned('overload', { remote });
  assert.equal(record.status, 'skipped');
  assert.equal(record.reason, 'It needs a server with its own settings, which --target cannot set.');
  assert.deepEqual(groupsOf(record, null), groupsOf((await planned('overload', {})).record, null));
});
