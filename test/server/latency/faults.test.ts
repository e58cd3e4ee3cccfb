import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseFault, readFaults } from '../../../server/latency/faults.ts';
import { randomFor, STREAM } from '../../../server/latency/random.ts';

test('faults happen as often as their probabilities say', () => {
  const table = readFaults('reset:0.1,slow:0.05');
  const counts: Record<string, number> = {};
  for (let job = 0; job < 20_000; job++) {
    const kind = String(chooseFault(table, randomFor(7, job, STREAM.fault)()));
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  assert.ok(Math.abs(counts.reset! / 20_000 - 0.1) < 0.01);
  assert.ok(Math.abs(counts.slow! / 20_000 - 0.05) < 0.007);
  assert.equal(counts.null! + counts.reset! + counts.slow!, 20_000);
});

test('a kind without a number always happens', () => {
  assert.equal(chooseFault(readFaults('silence'), 0.999), 'silence');
  assert.deepEqual(readFaults(undefined), []);
});

for (const text of [
  'crash',
  'reset:',
  'reset:-0.1',
  'reset:2',
  'reset:0.6,slow:0.5',
  'reset:0.1:2',
  'reset:x',
  ',',
])
  test(`fault=${text} is refused`, () => {
    assert.throws(() => readFaults(text), /^Error: fault must be like|fault must be like/);
  });
