import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { type CatalogEntry, loadExperiment } from '../../../../harness/measure/plan/catalog.ts';
import { planRun } from '../../../../harness/measure/plan/plan.ts';
import { planTargets, reasonToSkip } from '../../../../harness/measure/plan/planned-targets.ts';
import type { NamedKind, TargetKinds } from '../../../../harness/measure/process/target-kinds.ts';
import type { TargetOptions } from '../../../../harness/model/target.ts';
import latency from '../../../../server/latency/kind.ts';
import { kinds } from '../../../fixtures/kinds.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';

const failing = await loadExperiment(join(import.meta.dirname, '../../../fixtures/experiments/failing.ts'));

/** An experiment with these targets, on the first of which its variant waits. */
function withTargets(targets: Readonly<Record<string, TargetOptions>>): CatalogEntry {
  return { ...failing, experiment: { ...failing.experiment, targets: () => targets } };
}

const plan = (targets: Readonly<Record<string, TargetOptions>>, given: TargetKinds = kinds) =>
  planTargets(withTargets(targets), 'smoke', given);

const only = (kind: Omit<NamedKind, 'name'>): TargetKinds => ({
  names: ['made-up'],
  load: async (name) => ({ ...kind, name }),
});

test('a target is a latency server unless it names another kind', async () => {
  const { plain, database } = await plan({
    plain: { capacity: 10 },
    database: { kind: 'postgresql', rows: 10, connections: 2 },
  });
  assert.deepEqual([plain!.kind.name, plain!.options], ['latency', { capacity: 10 }]);
  assert.deepEqual([database!.kind.name, database!.options], ['postgresql', { rows: 10, connections: 2 }]);
});

for (const [what, options, sentence] of [
  [
    'an unknown kind',
    { kind: 'redis' },
    'there is no target kind "redis"; there are latency, postgresql, relay.',
  ],
  [
    'an option that the kind does not have',
    { kind: 'postgresql', rows: 1, connections: 1, capacity: 3 },
    'the kind postgresql has no option capacity; it has rows, connections.',
  ],
  [
    'a lack of an option',
    { kind: 'postgresql', rows: 1 },
    'the kind postgresql needs the option connections.',
  ],
  ['a number beyond its limits', { capacity: 0 }, 'capacity must be >= 1.'],
  ['a text for a number', { capacity: '10' }, 'capacity must be integer.'],
  ['an unknown word', { protocol: 'gopher' }, 'protocol must be one of http, https, http2.'],
  [
    'options that contradict each other',
    { distribution: 'lognormal' },
    'sigma must be given with distribution=lognormal.',
  ],
] as [string, TargetOptions, string][])
  test(`${what} is refused with the experiment's and the target's name`, async () => {
    await assert.rejects(plan({ server: {}, second: options }), {
      message: `failing, target second: ${sentence}`,
    });
  });

test('a plan with a wrong target is refused', async () => {
  const input = { kinds, request: { names: [], profile: 'smoke', rounds: 1, seed: 1 } as const };
  const { environment } = madeUpRecord([]);
  await assert.rejects(
    planRun({ ...input, environment, catalog: [failing, withTargets({ server: { kind: 'redis' } })] }),
    {
      message:
        'failing, target server: there is no target kind "redis"; there are latency, postgresql, relay.',
    },
  );
});

test('an experiment on a kind that is missing here is skipped with its sentence', async () => {
  const sentence = 'There is no Redis here: install redis-server.';
  const input = { request: { names: [], profile: 'smoke', rounds: 1, seed: 1 } as const };
  const { environment } = madeUpRecord([]);
  for (const missing of [() => sentence, async () => sentence]) {
    const catalog = [withTargets({ server: { kind: 'made-up' } })];
    const [planned] = await planRun({
      ...input,
      catalog,
      environment,
      kinds: only({ ...latency, missing }),
    });
    assert.deepEqual([planned!.record.status, planned!.record.reason], ['skipped', sentence]);
  }
});

test('a kind that cannot tell what is missing is named with its error', async () => {
  const missing = () => {
    throw new Error('no such command.');
  };
  await assert.rejects(plan({ server: { kind: 'made-up' } }, only({ ...latency, missing })), {
    message: 'failing, target server: no such command.',
  });
});

test('only work for a server with default options, of the same kind, can use --target', async () => {
  const remote = { kind: 'latency', origin: 'http://10.0.0.2:8000', version: '1.0.0' };
  const settings = /^It needs a server with its own settings, which --target cannot set\.$/;
  assert.equal(reasonToSkip(await plan({ server: {} }), remote), null);
  assert.match(reasonToSkip(await plan({ server: { capacity: 10 } }), remote)!, settings);
  assert.match(reasonToSkip(await plan({ http: {}, tls: { protocol: 'https' } }), remote)!, settings);
  const lines = only({ ...latency, missing: () => 'It is not installed.' });
  const other = await plan({ store: { kind: 'lines' } }, lines);
  assert.equal(
    reasonToSkip(other, remote),
    'It waits on a server of the kind lines, but --target is of the kind latency.',
  );
  assert.equal(reasonToSkip(other, { ...remote, kind: 'lines' }), null);
});
