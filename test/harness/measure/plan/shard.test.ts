import assert from 'node:assert/strict';
import { test } from 'node:test';
import { estimateMs, planRun } from '../../../../harness/measure/plan/plan.ts';
import { shardOf } from '../../../../harness/measure/plan/shard.ts';
import { kinds } from '../../../fixtures/kinds.ts';
import { catalog } from '../../../fixtures/project.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';

const request = { names: [], profile: 'quick', rounds: undefined, seed: 1 } as const;
const { environment } = madeUpRecord([]);
const plans = await planRun({ catalog, kinds, request, environment });
const shards = (of: number) =>
  Array.from({ length: of }, (_, index) => shardOf(plans, { number: index + 1, of }));

test('shards have every experiment once', () => {
  for (const count of [1, 2, 3, 4, plans.length + 2]) {
    const ids = shards(count).flatMap((shard) => shard.map(({ entry }) => entry.id));
    assert.deepEqual(ids.toSorted(), plans.map(({ entry }) => entry.id).toSorted());
  }
});

test('shards take about as long, as far as the longest experiment allows', () => {
  const lengths = shards(3).map((shard) => shard.reduce((sum, plan) => sum + estimateMs(plan), 0));
  const longest = Math.max(...plans.map((plan) => estimateMs(plan)));
  assert.ok(Math.max(...lengths) - Math.min(...lengths) <= longest);
});
