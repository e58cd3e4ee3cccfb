import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sampleLimitMs, silenceLimitMs } from '../../../../harness/measure/conduct/time-limits.ts';
import { variantsOf } from '../../../../harness/measure/plan/variants.ts';
import { TIME_LIMIT_MS } from '../../../../harness/model/experiment.ts';
import { catalog } from '../../../fixtures/project.ts';

/** A machine may be this many times as slow as a row expects before its sample counts as hung. */
const SLOW_MACHINE = 5;

const everything = ['no-io', 'serial', 'batches', 'interleaved', 'semaphore', 'gather'];
const peer = {
  id: 'peer',
  command: { command: 'python3', args: ['peer.py'] },
  runtime: 'python',
  versions: {},
  strategies: { crawl: everything, 'hash-and-save': everything },
};
const rows = catalog.flatMap((entry) =>
  (['smoke', 'quick', 'book'] as const).flatMap((profile) =>
    variantsOf(entry, profile, [peer]).map((variant) => ({
      name: `${entry.id}, ${profile}, ${variant.group} ${variant.id}`,
      variant,
    })),
  ),
);

test("each row, ours or a peer's, has time for its work on a slow machine, or states its limit", () => {
  assert.ok(rows.some(({ variant }) => variant.peer !== null && variant.estimateMs > TIME_LIMIT_MS));
  for (const { name, variant } of rows)
    assert.ok(sampleLimitMs(variant) >= SLOW_MACHINE * variant.estimateMs, `${name}: state its timeLimitMs`);
});

test('no row is given less than one that states nothing, in whatever profile', () => {
  for (const { name, variant } of rows) assert.ok(sampleLimitMs(variant) >= sampleLimitMs({}), name);
});

test('a peer is given up before the measured process is, and a guess has no part in either', () => {
  for (const timeLimitMs of [1, TIME_LIMIT_MS, 500_000])
    assert.ok(silenceLimitMs({ timeLimitMs }) > sampleLimitMs({ timeLimitMs }));
  const guess = { estimateMs: 10_000_000, timeLimitMs: 1000 };
  assert.equal(sampleLimitMs(guess), sampleLimitMs({ timeLimitMs: 1000 }));
});
