import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findingOf } from '../../../../benchmarks/clients/adaptive/finding.ts';
import { LONGEST } from '../../../../harness/findings/longest.ts';
import type { Row } from '../../../../harness/model/row.ts';
import { madeUpRow } from '../../../fixtures/record.ts';

const row = (group: string, variant: string, value: number, refusedShare = 0): Row =>
  madeUpRow({
    ...{ group, variant, baseline: variant === 'clairvoyant' },
    speedup: { value, low: value - 0.01, high: value + 0.01 },
    metrics: { refusedShare },
  });

const under = (group: string, ours: number, fixed: number, refusedShare = 0) => [
  row(group, 'clairvoyant', 1),
  row(group, 'fixed@50', fixed, refusedShare),
  row(group, 'adaptiveLimit', ours),
];

test('a limit that wins on every schedule is the answer', () => {
  const finding = findingOf([...under('one', 0.97, 0.8), ...under('other', 0.96, 0.9)]);
  assert.equal(
    finding?.headline,
    'With at most 1 % refused, adaptiveLimit serves most on all of 2 schedules.',
  );
  assert.deepEqual(finding.details, [
    'Winner, and its loss: one adaptiveLimit 3.0 %, other adaptiveLimit 4.0 %.',
    'adaptiveLimit loses, beside the clairvoyant limit: one 3.0 %, other 4.0 %.',
  ]);
});

test('a tie has no winner, and neither has a limit that is refused', () => {
  const tied = findingOf(under('one', 0.97, 0.96));
  assert.equal(
    tied?.headline,
    'With at most 1 % refused, no limit is proven to serve most on any of 1 schedule.',
  );
  const refused = findingOf([...under('one', 0.9, 1, 0.02), ...under('other', 0.9, 0.95)]);
  assert.equal(
    refused?.headline,
    'With at most 1 % refused, no single limit serves most on all of 2 schedules.',
  );
  assert.match(refused.details[0]!, /: one adaptiveLimit 10\.0 %, other fixed@50 5\.0 %\./);
});

test('every sentence has its length, and without rows that can be judged there is no finding', () => {
  for (const finding of [findingOf(under('one', 0.97, 0.8)), findingOf(under('one', 0.97, 0.97))])
    assert.ok(finding!.headline.length <= LONGEST.headline && finding!.short.length <= LONGEST.short);
  const unproven = under('one', 0.9, 0.8).map((one) => ({
    ...one,
    speedup: { value: 1, low: null, high: null },
  }));
  assert.equal(findingOf(unproven), null);
});
