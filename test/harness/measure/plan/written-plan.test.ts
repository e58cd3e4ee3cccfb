import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planRun } from '../../../../harness/measure/plan/plan.ts';
import { planHash, workOf, writtenPlan } from '../../../../harness/measure/plan/written-plan.ts';
import type { RunRecord } from '../../../../harness/record/schema.ts';
import { kinds } from '../../../fixtures/kinds.ts';
import { catalog } from '../../../fixtures/project.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';

const { environment } = madeUpRecord([]);
const plansIn = (profile: string) => {
  const request = { names: ['crawl', 'yielding', 'limiters'], profile, rounds: undefined, seed: 1 };
  return planRun({ catalog, kinds, request, environment });
};
const plans = await plansIn('quick');
const origin = { overlap: '1.0.0', commit: null, rounds: null };

/** A record of the last run, in which the baseline of an experiment took a whole minute. */
function slowRecord(id: string, profile: string): RunRecord {
  const { record } = plans.find(({ entry }) => entry.id === id)!;
  return { ...record, profile, samples: [{ variant: 0, wallMs: 60_000 }] as unknown as RunRecord['samples'] };
}

function dealt(earlier: readonly RunRecord[]): string[][] {
  const { shards } = writtenPlan(plans, 2, { ...origin, earlier });
  return shards.map((part) => part.map(({ experiment }) => experiment)).sort();
}

test('a last run in the same profile decides how experiments are dealt', () => {
  for (const id of ['crawl', 'yielding', 'limiters'])
    assert.ok(
      dealt([slowRecord(id, 'quick')]).some((part) => part.join() === id),
      `${id} takes longest and is alone`,
    );
  assert.deepEqual(dealt([slowRecord('yielding', 'book'), slowRecord('limiters', 'book')]), dealt([]));
});

test('the same plan has the same hash, and another dealing has another', () => {
  const hashOf = (of: number) => planHash(writtenPlan(plans, of, { ...origin, earlier: [] }));
  assert.equal(hashOf(2), hashOf(2));
  assert.notEqual(hashOf(2), hashOf(3));
});

test('the hash of the work changes with the profile, and not with what was measured', async () => {
  const [crawl] = plans;
  const [smoke] = await plansIn('smoke');
  assert.notEqual(workOf(crawl!), workOf(smoke!));
  assert.equal(workOf(crawl!), workOf({ record: { ...crawl!.record, seed: 2, status: 'ok' } }));
});
