import assert from 'node:assert/strict';
import { test } from 'node:test';
import { environmentDifferences, isMixed } from '../../../harness/record/one-run.ts';
import type { Environment } from '../../../harness/record/schema.ts';
import { madeUpRecord } from '../../fixtures/record.ts';

const { environment } = madeUpRecord([]);
const differencesTo = (given: Partial<Environment>) =>
  environmentDifferences(environment, { ...environment, ...given });

test('a difference that one run cannot have is named', () => {
  assert.deepEqual(differencesTo({}), []);
  assert.deepEqual(
    differencesTo({
      node: '22.19.0',
      packages: { undici: '7.0.0' },
      cpu: { model: 'made up', count: 4 },
      os: { platform: 'linux', release: '6.2', arch: 'x64' },
      git: { commit: 'a', dirty: false },
    }),
    ['Node', 'packages', 'processor', 'system', 'commit'],
  );
});

test('figures that change from minute to minute do not make a run mixed', () => {
  const busy = {
    ...environment,
    loadBefore: 3,
    warnings: [{ what: 'The machine was busy.', remedy: '' }],
    memoryBytes: 1,
  };
  const records = [madeUpRecord([]), { ...madeUpRecord([]), environment: busy }];
  assert.equal(isMixed(records), false);
  assert.equal(isMixed([]), false);
  const other = { ...madeUpRecord([]), environment: { ...environment, node: '22.19.0' } };
  assert.equal(isMixed([...records, other]), true);
});
