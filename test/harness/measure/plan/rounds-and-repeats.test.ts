import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CatalogEntry } from '../../../../harness/measure/plan/catalog.ts';
import { planRun } from '../../../../harness/measure/plan/plan.ts';
import { variantsOf } from '../../../../harness/measure/plan/variants.ts';
import { defineExperiment, type Variant, type Workload } from '../../../../harness/model/experiment.ts';
import { kinds } from '../../../fixtures/kinds.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';

const never = () => {
  throw new Error('Nothing runs here.');
};
const row = (id: string, more: Partial<Variant> = {}): Variant => ({
  ...{ id, jobs: 1, limit: 1, connections: { used: 1, opened: 0 }, estimateMs: 1 },
  ...{ strategy: never, open: never, ...more },
});

function entryWith(workload: Partial<Workload>): CatalogEntry {
  const quick = { rounds: 10, warmUpRounds: 0, ...workload };
  const experiment = defineExperiment({
    title: 'Rounds',
    question: 'How many rounds?',
    profiles: { quick },
    variants: () => [
      row('serial', { group: 'a', baseline: true }),
      row('fast', { group: 'a', headline: true }),
      row('other', { group: 'a' }),
      row('serial', { group: 'b', baseline: true }),
      row('long', { group: 'b', rounds: 2 }),
    ],
    charts: [],
  });
  return { id: 'rounds', file: '', experiment };
}

async function plannedRounds(workload: Partial<Workload>, rounds?: number): Promise<Record<string, number>> {
  const { environment } = madeUpRecord([]);
  const request = { names: [], profile: 'quick', rounds, seed: 1 } as const;
  const [plan] = await planRun({ catalog: [entryWith(workload)], kinds, request, environment });
  return Object.fromEntries(plan!.record.variants.map((one) => [`${one.group} ${one.id}`, one.rounds]));
}

test('rows beside a headline and its baseline end after the other rounds', async () => {
  assert.deepEqual(await plannedRounds({ otherRounds: 6 }), {
    ...{ 'a serial': 10, 'a fast': 10, 'a other': 6 },
    ...{ 'b serial': 6, 'b long': 2 },
  });
});

test('all rows run in all rounds that a user asks for', async () => {
  assert.deepEqual(await plannedRounds({ otherRounds: 6 }, 8), {
    ...{ 'a serial': 8, 'a fast': 8, 'a other': 8 },
    ...{ 'b serial': 8, 'b long': 2 },
  });
});

test('repeats are named by a row, or by a group and a row, which comes first', () => {
  const repeats = { serial: 3, 'b serial': 2 };
  assert.deepEqual(
    variantsOf(entryWith({ repeats }), 'quick').map((variant) => variant.repeats),
    [3, 1, 1, 2, 1],
  );
});

for (const [repeats, message] of [
  [{ fats: 2 }, 'rounds, profile quick: repeats names "fats", which is not one of its rows.'],
  [{ fast: 1.5 }, 'rounds, profile quick: fast has 1.5 repeats; a row runs once a round or more often.'],
] as const)
  test(`repeats of ${JSON.stringify(repeats)} are refused`, () => {
    assert.throws(() => variantsOf(entryWith({ repeats }), 'quick'), { message });
  });
