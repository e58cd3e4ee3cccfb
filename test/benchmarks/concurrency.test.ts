import assert from 'node:assert/strict';
import { test } from 'node:test';
import { variantsOf } from '../../harness/measure/plan/variants.ts';
import { LEAST_WAVES } from '../../harness/statistics/steady.ts';
import { catalog } from '../fixtures/project.ts';

const entry = catalog.find(({ id }) => id === 'concurrency')!;
const profiles = Object.keys(entry.experiment.profiles);

for (const profile of profiles) {
  const variants = variantsOf(entry, profile);

  test(`${profile}: each chart shows groups that there are, and each group is in a chart`, () => {
    const groups = new Set(variants.map(({ group }) => group));
    const shown = entry.experiment.charts.map((chart) => chart.groups!.filter((group) => groups.has(group)));
    for (const own of shown) assert.ok(own.length > 0);
    assert.deepEqual(new Set(shown.flat()), groups);
  });

  test(`${profile}: limits are below, at and beyond the capacity, and each is used in 20 waves`, () => {
    const rows = variants.filter(({ parameters }) => parameters.capacity !== undefined);
    const places = rows.map(({ limit, parameters }) => Math.sign(limit - Number(parameters.capacity)));
    assert.deepEqual([...new Set(places)].toSorted(), [-1, 0, 1]);
    for (const { id, jobs, limit } of rows) assert.ok(jobs >= LEAST_WAVES * limit, id);
  });
}
