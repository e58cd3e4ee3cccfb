import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomNormal } from 'd3-random';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { median } from 'simple-statistics';
import { LEAST_ROUNDS } from '../../harness/findings/general.ts';
import type { RunRecord } from '../../harness/record/schema.ts';
import { type ComparedRow, compareRuns } from '../../harness/report/comparison/comparison.ts';
import { SURELY_SLOWER } from '../../harness/report/comparison/verdicts.ts';
import { compare } from '../../harness/statistics/comparison.ts';
import { type Known, rowRule, workAfter } from '../../scripts/measure-both.ts';
import { madeUpRecord } from '../fixtures/record.ts';

const MARGIN = 0.05;
const LIMITS = { rounds: 20, withinMs: 60_000 };
const ALL = { first: { names: [], rows: null }, rows: null };
const rowOf = (variant: string) => ({ experiment: 'crawl', group: '', variant });

/** A record with a baseline that is the A/A pair, and one row for each list of times. */
function recordOf(rows: Readonly<Record<string, readonly number[]>>): RunRecord {
  const [first, ...others] = Object.entries(rows).map(([name, times]) =>
    madeUpRecord(
      times.map((ms) => [100, ms] as const),
      { name },
    ),
  );
  const later = others.map(({ variants, samples }, index) => ({
    variant: variants[1]!,
    samples: samples
      .filter(({ variant }) => variant === 1)
      .map((sample) => ({ ...sample, variant: index + 2 })),
  }));
  return {
    ...first!,
    variants: [...first!.variants, ...later.map(({ variant }) => variant)],
    samples: [...first!.samples, ...later.flatMap(({ samples }) => samples)],
  };
}

/** The state after rounds in which one row is as it was, and the other differs by these factors. */
function after(factors: readonly number[], elapsedMs = 0): Known {
  const steady = factors.map(() => 10);
  const before = recordOf({ steady, noisy: steady });
  const now = recordOf({ steady, noisy: factors.map((factor) => 10 * factor) });
  const sides = { before: [before], after: [now] };
  const comparison = compareRuns(sides.before, sides.after, { margin: MARGIN, paired: true });
  return { sides, comparison, round: factors.length, elapsedMs };
}

/** As many factors around 1, whose interval is a little wider than the margin after 20 rounds. */
const undecided = (rounds: number) =>
  Array.from({ length: rounds }, (_, index) => 1 + 0.12 * Math.sin(index * 2.3));

test('the first rounds measure everything, decided or not', () => {
  assert.equal(workAfter(after(undecided(5)), ALL, LIMITS), ALL.first);
  const some = { names: ['crawl'], rows: [rowOf('noisy')] };
  assert.equal(workAfter(after(undecided(5)), { first: some, rows: some.rows }, LIMITS), some);
});

test('then a decided row is left alone, and an undecided one goes on with the A/A pair of its group', () => {
  const work = workAfter(after(undecided(6)), ALL, LIMITS);
  assert.deepEqual(work?.names, ['crawl']);
  assert.deepEqual(
    work?.rows?.map(({ variant }) => variant),
    ['noisy', 'serial'],
  );
  assert.equal(workAfter(after([1, 1, 1, 1, 1, 1]), ALL, LIMITS), null);
  assert.equal(workAfter(after([1.2, 1.2, 1.2, 1.2, 1.2, 1.2]), ALL, LIMITS), null);
});

test('an undecided row goes on until its most rounds, or the time limit', () => {
  assert.notEqual(workAfter(after(undecided(19)), ALL, LIMITS), null);
  assert.equal(workAfter(after(undecided(20)), ALL, LIMITS), null);
  assert.notEqual(workAfter(after(undecided(6), LIMITS.withinMs - 1), ALL, LIMITS), null);
  assert.equal(workAfter(after(undecided(6), LIMITS.withinMs), ALL, LIMITS), null);
});

test('a row that its most rounds cannot decide is given up, after ten', () => {
  const wild = (rounds: number) => Array.from({ length: rounds }, (_, index) => (index % 2 ? 0.6 : 1.7));
  assert.notEqual(workAfter(after(wild(9)), ALL, LIMITS), null);
  assert.equal(workAfter(after(wild(10)), ALL, LIMITS), null);
  assert.notEqual(workAfter(after(wild(10)), ALL, { ...LIMITS, rounds: 10_000 }), null);
});

test('to confirm, only the rows that regressed count', () => {
  const first = { names: ['crawl'], rows: [rowOf('steady'), rowOf('serial')] };
  assert.equal(workAfter(after(undecided(6)), { first, rows: [rowOf('steady')] }, LIMITS), null);
  assert.notEqual(workAfter(after(undecided(6)), { first, rows: [rowOf('noisy')] }, LIMITS), null);
});

const random = xoroshiro128plus(1);
const normal = randomNormal.source(() => uniformFloat64(random))();
/** One value in ten is five times as far out. */
const heavyTailed = () => normal() * (uniformFloat64(random) < 0.1 ? 5 : 1);
/** Many small values, and a long tail on the slow side. */
const skewed = () => Math.exp(0.7 * normal()) - 1;
/** A short row: it runs once in each of the first rounds, and 16 times in each later one. */
const repeating = (round: number) =>
  median(Array.from({ length: round <= LEAST_ROUNDS ? 1 : 16 }, () => skewed()));

/** Measures a row whose logarithms of time spread by `spread` until its rule has enough. */
function judgedRow(slower: number, spread: number, draw: (round: number) => number, margin = MARGIN) {
  const isEnough = rowRule(margin, LIMITS);
  const sides: { before: number[]; after: number[] } = { before: [], after: [] };
  for (let round = 1; ; round++) {
    sides.before.push(spread * draw(round));
    sides.after.push(spread * draw(round) - Math.log1p(slower));
    const [change] = compare([sides], margin, true);
    const rounds = sides.after.length;
    const row = { ...change, timeRatio: null, rounds: { before: rounds, after: rounds } } as ComparedRow;
    if (isEnough({ measured: row, rounds, elapsedMs: 0 })) return row;
  }
}

/** How many of a number of tries regress, and again when they are measured again. */
function regressions(tries: number, ...row: Parameters<typeof judgedRow>): number {
  let found = 0;
  for (let number = 0; number < tries; number++)
    if (judgedRow(...row).verdict === 'regressed' && judgedRow(...row).verdict === 'regressed') found += 1;
  return found;
}

// Such a row is not measured again, so its one measurement must not be wrong.
test('of rows that did not change, fewer than 2 in 1000 look surely twice as slow, however wide they spread', () => {
  const tries = 1000;
  for (const draw of [normal, heavyTailed, skewed, repeating])
    for (const spread of [0.05, 0.4]) {
      const rows = Array.from({ length: tries }, () => judgedRow(0, spread, draw));
      const sure = rows.filter(
        ({ verdict, ratio }) => verdict === 'regressed' && ratio.high! <= 1 / SURELY_SLOWER,
      );
      assert.ok(sure.length < 0.002 * tries, `${sure.length} of ${tries} at a spread of ${spread}`);
    }
});

// A look after every round lets chance regress up to 7 rows of 100 where the spread is many times the margin.
test('of rows that did not change, fewer than 2.5 in 100 regress twice, however wide they spread', () => {
  const tries = 800;
  for (const draw of [normal, heavyTailed, skewed, repeating])
    for (const spread of [0.01, 0.05, 0.4]) {
      const found = regressions(tries, 0, spread, draw);
      assert.ok(found < 0.025 * tries, `${found} of ${tries} at a spread of ${spread}`);
    }
});

test('what is 10 % slower is found twice at a spread of 2 %, and so is 5 % at a margin of 2 %', () => {
  assert.ok(regressions(100, 0.1, 0.02, normal) >= 97);
  assert.ok(regressions(100, 0.05, 0.015, normal, 0.02) >= 97);
});
