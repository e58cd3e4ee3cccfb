import assert from 'node:assert/strict';
import { test } from 'node:test';
import { finishedRounds, ratiosOf } from '../../../harness/findings/finished.ts';
import { mergeRepeats } from '../../../harness/findings/repeats.ts';
import type { RunRecord, Sample } from '../../../harness/record/schema.ts';
import { compareRuns } from '../../../harness/report/comparison/comparison.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

/** The variant of a made-up record three times a round: as it was, half as long, and twice as long. */
function repeated(record: RunRecord): RunRecord {
  const variants = record.variants.map((variant, index) =>
    index === 1 ? { ...variant, repeats: 3 } : variant,
  );
  const samples = record.samples.flatMap((sample): Sample[] =>
    sample.variant !== 1
      ? [sample]
      : [
          { ...sample, wallMs: sample.wallMs / 2 },
          { ...sample, repeat: 2 },
          { ...sample, wallMs: sample.wallMs * 2, repeat: 3 },
        ],
  );
  return { ...record, variants, samples };
}

test('repeats of a round make one figure, the median of their logarithms', () => {
  const plain = madeUpRecord(TENFOLD);
  const [before, after] = [ratiosOf(plain)[1]!.logs, ratiosOf(repeated(plain))[1]!.logs];
  assert.equal(after.length, before.length);
  for (const [round, log] of after.entries()) assert.ok(Math.abs(log - before[round]!) < 1e-12, `${log}`);
  for (const samples of finishedRounds(repeated(plain))) assert.equal(samples.length, 3);
});

test('an even number of repeats gives the geometric middle of the two in the middle', () => {
  const [, , sample] = madeUpRecord(TENFOLD).samples;
  const merged = mergeRepeats([
    { ...sample!, wallMs: 10, boundMs: 5, metrics: { a: 1 } },
    { ...sample!, wallMs: 40, boundMs: 10, metrics: { a: 3, b: 1 }, repeat: 2 },
  ]);
  assert.ok(Math.abs(merged.wallMs - 20) < 1e-12);
  // The shares of the bound are 0.5 and 0.25.
  assert.ok(Math.abs(merged.boundMs / merged.wallMs - Math.sqrt(0.125)) < 1e-12);
  assert.deepEqual(merged.metrics, { a: 2 });
  assert.ok(!('repeat' in merged));
});

test('a round that lacks a repeat is not finished', () => {
  const record = repeated(madeUpRecord(TENFOLD));
  const samples = record.samples.filter(({ round, repeat }) => round !== 2 || repeat !== 3);
  assert.deepEqual(
    finishedRounds({ ...record, samples }).map(([first]) => first!.round),
    [1, 3, 4, 5, 6],
  );
});

test('another number of repeats is other work', () => {
  const record = madeUpRecord(TENFOLD);
  assert.throws(
    () => compareRuns([record], [repeated(record)], { margin: 0.05 }),
    /promise-all ran 1 times a round before and 3 now: other work\./,
  );
});
