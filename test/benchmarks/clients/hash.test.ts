import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareSync } from 'bcrypt';
import { hashOf, saltText } from '../../../benchmarks/clients/hash.ts';

test('the same job has the same hash, which begins with its salt and is that of its password', () => {
  for (const job of [0, 1, 599]) {
    const hash = hashOf({ job, cost: 4 });
    assert.equal(hashOf({ job, cost: 4 }), hash);
    assert.ok(hash.startsWith(saltText(job, 4)), hash);
    assert.ok(compareSync(`overlap ${job}`, hash));
  }
  assert.notEqual(hashOf({ job: 0, cost: 4 }), hashOf({ job: 1, cost: 4 }));
});
