import assert from 'node:assert/strict';
import { test } from 'node:test';
import { judge, judgeBeside, judgeMetric, judgeRatio, rank } from '../../../harness/findings/judge.ts';
import type { Estimate, Metric, Row } from '../../../harness/model/row.ts';
import { madeUpRow } from '../../fixtures/record.ts';

const between = (low: number | null, high: number | null, value = 1): Estimate => ({ value, low, high });
const row = (variant: string, speedup: Estimate, given: Partial<Row> = {}) =>
  madeUpRow({ variant, speedup, ...given });
const baseline = row('serial', between(1, 1), { baseline: true });

test('an interval above 1 is faster, one below is slower, and one that holds 1 is tied', () => {
  const verdict = (low: number, high: number) => judgeRatio(between(low, high)).verdict;
  assert.equal(verdict(1.001, 1.1), 'faster');
  assert.equal(verdict(0.9, 0.999), 'slower');
  assert.equal(verdict(0.9, 1.1), 'tied');
  assert.equal(verdict(1, 1.1), 'tied');
  assert.equal(verdict(0.9, 1), 'tied');
});

test('without an interval nothing is proven, however large the ratio', () => {
  const ratio = between(null, null, 1000);
  assert.deepEqual(judgeRatio(ratio), { verdict: 'unproven', ratio });
});

test('a row of unequal work proves nothing', () => {
  assert.equal(judge(row('own', between(2, 3, 2.5))).verdict, 'faster');
  assert.equal(judge(row('own', between(2, 3, 2.5), { sameWork: false })).verdict, 'unproven');
});

test('beside its baseline a row is judged by its own interval, whichever of the two comes first', () => {
  const own = row('own', between(2, 4, 3));
  assert.deepEqual(judgeBeside(own, baseline), { verdict: 'faster', ratio: between(2, 4, 3) });
  const once = { ...baseline, speedup: between(null, null) };
  assert.equal(judgeBeside(own, once).verdict, 'faster', 'the interval of the two is that of the row');
  const { verdict, ratio } = judgeBeside(baseline, own);
  assert.equal(verdict, 'slower');
  assert.deepEqual(ratio, between(1 / 4, 1 / 2, 1 / 3));
});

test('two rows beside each other are told apart only where their intervals lie apart', () => {
  const [slow, close, fast] = [between(1, 2), between(2, 3), between(2.1, 3)].map((speedup) =>
    row('any', speedup),
  );
  assert.equal(judgeBeside(fast!, slow!).verdict, 'faster');
  assert.equal(judgeBeside(slow!, fast!).verdict, 'slower');
  assert.equal(judgeBeside(close!, slow!).verdict, 'tied');
  assert.equal(judgeBeside(fast!, row('any', between(null, null))).verdict, 'unproven');
  assert.equal(judgeBeside(fast!, { ...slow!, sameWork: false }).verdict, 'unproven');
  assert.deepEqual(
    judgeBeside(row('own', between(3, 5, 4)), row('other', between(1, 3, 2))).ratio,
    between(null, null, 2),
  );
});

test('a metric is better or worse by its direction, where intervals lie apart', () => {
  const metric = (better: Metric['better']): Metric => ({ name: 'seenMs', unit: 'ms', better });
  const seen = (interval: Estimate) => row('any', between(1, 1), { metricIntervals: { seenMs: interval } });
  const [less, more, across] = [seen(between(1, 2)), seen(between(3, 4)), seen(between(2, 3))];
  assert.equal(judgeMetric(less, more, metric('lower')), 'better');
  assert.equal(judgeMetric(more, less, metric('lower')), 'worse');
  assert.equal(judgeMetric(less, more, metric('higher')), 'worse');
  assert.equal(judgeMetric(more, less, metric('higher')), 'better');
  for (const other of [less, more]) assert.equal(judgeMetric(across, other, metric('lower')), 'tied');
  assert.equal(judgeMetric(less, more, metric('neither')), 'unproven');
  assert.equal(judgeMetric(less, seen(between(null, null)), metric('lower')), 'unproven');
  assert.equal(judgeMetric(less, row('none', between(1, 1)), metric('lower')), 'unproven');
});

test('a ranking has the fastest with those tied to it, and the slowest where it is not', () => {
  const rows = [
    row('slow', between(0.4, 0.6, 0.5)),
    row('almost', between(1.8, 2.1, 1.95)),
    baseline,
    row('fast', between(1.9, 2.1, 2)),
  ];
  const ranking = rank(rows)!;
  assert.deepEqual(
    ranking.fastest.map(({ variant }) => variant),
    ['fast', 'almost'],
  );
  assert.equal(ranking.slowest?.variant, 'slow');
});

test('where all are tied none is the slowest', () => {
  const ranking = rank([baseline, row('one', between(0.9, 1.2, 1.1)), row('other', between(0.8, 1.1, 0.9))])!;
  assert.equal(ranking.fastest.length, 3);
  assert.equal(ranking.slowest, null);
});

test('rows without intervals and of unequal work are in no ranking', () => {
  const own = row('own', between(2, 3, 2.5));
  assert.equal(rank([own, row('unproven', between(null, null, 9))]), null);
  assert.equal(rank([own, row('other', between(5, 6), { sameWork: false })]), null);
  assert.equal(rank([]), null);
  assert.equal(rank([own, baseline])?.slowest, baseline);
});
