import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRecord } from '../../../../harness/record/schema.ts';
import { Incomparable } from '../../../../harness/report/comparison/comparability.ts';
import { compareRuns } from '../../../../harness/report/comparison/comparison.ts';
import { comparisonText } from '../../../../harness/report/comparison/comparison-table.ts';
import {
  confirm,
  doubtedRows,
  isDecidable,
  isSettled,
  regressedExperiments,
} from '../../../../harness/report/comparison/verdicts.ts';
import { madeUpRecord, TENFOLD } from '../../../fixtures/record.ts';

/** A run whose variant is `factor` times slower than one with a tenth of its baseline's time. */
const runOf = (factor: number, given: Partial<RunRecord> = {}): RunRecord[] => [
  {
    ...madeUpRecord(
      [100, 101, 99, 102, 98, 100.5, 99.7].map((ms, index) => [ms, (ms * factor) / (10 + index / 100)]),
    ),
    ...given,
  },
];
const options = { margin: 0.05 };
const verdictOf = (factor: number) => compareRuns(runOf(1), runOf(factor), options).rows[0]!.verdict;

test('a slowdown beyond the margin is a regression, a slowdown within it is not', () => {
  assert.equal(verdictOf(1.1), 'regressed');
  assert.equal(verdictOf(0.9), 'improved');
  assert.equal(verdictOf(1.02), 'unchanged');
  assert.deepEqual(regressedExperiments(compareRuns(runOf(1), runOf(1.1), options)), ['crawl']);
  assert.deepEqual(regressedExperiments(compareRuns(runOf(1), runOf(1), options)), []);
});

test('a slower machine, which slows all rows alike, is not a regression', () => {
  const slower = runOf(1).map((record) => ({
    ...record,
    samples: record.samples.map((sample) => ({ ...sample, wallMs: sample.wallMs * 3 })),
  }));
  assert.equal(compareRuns(runOf(1), slower, options).rows[0]!.verdict, 'unchanged');
});

test('baselines are not compared, and rows of one side only are named', () => {
  const renamed = runOf(1).map((record) => ({
    ...record,
    variants: [...record.variants, { ...record.variants[1]!, id: 'semaphore@5' }],
    samples: record.samples.flatMap((sample) =>
      sample.variant === 1 ? [sample, { ...sample, variant: 2 }] : [sample],
    ),
  }));
  const comparison = compareRuns(runOf(1), renamed, options);
  assert.deepEqual(
    comparison.rows.map(({ variant }) => variant),
    ['promise-all'],
  );
  assert.deepEqual(comparison.onlyAfter, ['crawl, semaphore@5']);
  assert.deepEqual(compareRuns(renamed, runOf(1), options).onlyBefore, ['crawl, semaphore@5']);
});

test('other work is refused, another machine is a warning that strictness refuses', () => {
  assert.throws(() => compareRuns(runOf(1), runOf(1, { profile: 'book' }), options), Incomparable);
  const other = runOf(1, { parameters: { requests: 99, delayMs: 10 } });
  assert.throws(() => compareRuns(runOf(1), other, options), /other parameters before than now/);
  const [record] = runOf(1);
  const moved = [
    { ...record!, environment: { ...record!.environment, cpu: { model: 'another', count: 2 } } },
  ];
  const { warnings } = compareRuns(runOf(1), moved, options);
  assert.deepEqual(warnings, [
    {
      what: 'The runs differ in the processor: made up before, another now.',
      remedy: 'Measure both on one machine: npm run compare -- --base REF.',
    },
  ]);
  assert.throws(() => compareRuns(runOf(1), moved, { ...options, strict: true }), Incomparable);
});

test('runs without a row in common are refused', () => {
  const renamed = [madeUpRecord(TENFOLD, { id: 'other' })];
  assert.throws(() => compareRuns(runOf(1), renamed, options), /share no row/);
});

test('a regression that is not repeated is not confirmed, and keeps both measurements', () => {
  const slower = compareRuns(runOf(1), runOf(1.1), options);
  const refuted = confirm(slower, compareRuns(runOf(1), runOf(1), options));
  assert.equal(refuted.rows[0]!.verdict, 'not confirmed');
  assert.equal(refuted.rows[0]!.again!.verdict, 'unchanged');
  assert.deepEqual(regressedExperiments(refuted), []);
  assert.equal(isSettled(refuted.rows[0]!, 0.05, 20), false);
  const confirmed = confirm(slower, slower);
  assert.deepEqual(regressedExperiments(confirmed), ['crawl']);
  assert.equal(isSettled(confirmed.rows[0]!, 0.05, 20), true);
  assert.deepEqual(refuted.again, { confirmed: [], refuted: ['crawl, promise-all'], unneeded: [] });
  assert.deepEqual(confirmed.again, { confirmed: ['crawl, promise-all'], refuted: [], unneeded: [] });
});

test('only sides that ran in turn prove a row so slow that it need not be measured again', () => {
  const doubtedAt = (factor: number, paired: boolean) =>
    doubtedRows(compareRuns(runOf(1), runOf(factor), { ...options, paired })).length;
  assert.deepEqual(
    [1, 1.2, 1.9, 2.1].map((factor) => doubtedAt(factor, true)),
    [0, 1, 1, 0],
  );
  assert.equal(doubtedAt(3, false), 1);
  const sure = compareRuns(runOf(1), runOf(3), { ...options, paired: true });
  const kept = confirm(sure, null);
  assert.deepEqual(kept.rows, sure.rows);
  assert.deepEqual(kept.again, { confirmed: [], refuted: [], unneeded: ['crawl, promise-all'] });
});

test('a warning of the second measurement alone is kept as one', () => {
  const slower = compareRuns(runOf(1), runOf(1.1), options);
  const [what, remedy] = ['The run now is not to be trusted.', 'Run it again.'];
  const warned = { ...slower, warnings: [{ what, remedy }] };
  assert.deepEqual(confirm(slower, warned).warnings, [{ what: `When measured again: ${what}`, remedy }]);
  assert.deepEqual(confirm(warned, warned).warnings, warned.warnings);
});

test('a row is decidable from 6 rounds on, paired or not', () => {
  const few = (rounds: number, factor: number) => [
    madeUpRecord(TENFOLD.slice(0, rounds).map(([baselineMs, variantMs]) => [baselineMs, variantMs * factor])),
  ];
  const undecided = compareRuns(few(3, 1), few(3, 10), options);
  assert.equal(undecided.rows[0]!.verdict, 'inconclusive');
  assert.equal(undecided.rows.some(isDecidable), false);
  const paired = compareRuns(few(5, 1), few(5, 10), { ...options, paired: true });
  assert.equal(paired.rows.some(isDecidable), false);
  for (const pairs of [false, true]) {
    const enough = compareRuns(few(6, 1), few(6, 10), { ...options, paired: pairs });
    assert.deepEqual(enough.rows.map(isDecidable).includes(false), false);
  }
});

test('rounds of the same run are compared in pairs', () => {
  const spread = [1, 1.5, 2, 3, 4, 5, 6];
  const run = (factor: number): RunRecord[] => [
    madeUpRecord(spread.map((base, index) => [100, (10 * base * factor * (1000 + index)) / 1000])),
  ];
  const unpaired = compareRuns(run(1), run(1.1), options).rows[0]!;
  const paired = compareRuns(run(1), run(1.1), { ...options, paired: true }).rows[1]!;
  assert.equal(unpaired.verdict, 'inconclusive');
  assert.deepEqual([paired.variant, paired.verdict], ['promise-all', 'regressed']);
});

/** The same run, with all times multiplied by `factor`. */
const timesAll = (run: RunRecord[], factor: number): RunRecord[] =>
  run.map((record) => ({
    ...record,
    samples: record.samples.map((sample) => ({ ...sample, wallMs: sample.wallMs * factor })),
  }));

test('of sides that ran in turn times decide, for the baseline, too, and speedups stand beside them', () => {
  const comparison = compareRuns(runOf(1), timesAll(runOf(1), 1.63), { ...options, paired: true });
  assert.equal(comparison.decidedBy, 'time');
  assert.deepEqual(
    comparison.rows.map(({ variant, baseline, verdict }) => ({ variant, baseline, verdict })),
    [
      { variant: 'serial', baseline: true, verdict: 'regressed' },
      { variant: 'promise-all', baseline: false, verdict: 'regressed' },
    ],
  );
  for (const { ratio, timeRatio } of comparison.rows) {
    assert.ok(Math.abs(ratio.value - 1) < 1e-9);
    assert.ok(Math.abs(timeRatio!.value - 1.63) < 1e-9 && timeRatio!.low! <= timeRatio!.high!);
  }
  assert.deepEqual(comparison.movedBaselines, []);
  const faster = compareRuns(timesAll(runOf(1), 1.63), runOf(1), { ...options, paired: true });
  assert.deepEqual(
    faster.rows.map(({ verdict }) => verdict),
    ['improved', 'improved'],
  );
});

test('only a row that became slower regresses, where its baseline became faster', () => {
  const [record] = runOf(1);
  const after = {
    ...record!,
    samples: record!.samples.map((sample) => ({
      ...sample,
      wallMs: sample.variant === 0 ? sample.wallMs / 2 : sample.wallMs * 0.99,
    })),
  };
  const { rows } = compareRuns([record!], [after], { ...options, paired: true });
  assert.deepEqual(
    rows.map(({ verdict }) => verdict),
    ['improved', 'unchanged'],
  );
  assert.ok(rows[1]!.ratio.value < 0.6);
});

test('between separate runs a baseline whose own time moved is said, with its ms', () => {
  const moved = compareRuns(runOf(1), timesAll(runOf(1), 1.63), options);
  assert.deepEqual(
    moved.rows.map(({ variant, verdict }) => [variant, verdict]),
    [['promise-all', 'unchanged']],
  );
  assert.equal(moved.decidedBy, 'speedup');
  assert.equal(moved.movedBaselines[0]!.variant, 'serial');
  assert.deepEqual(compareRuns(runOf(1), timesAll(runOf(1), 1.02), options).movedBaselines, []);
});

test('pairs are made of the rounds that both sides have', () => {
  const whole = runOf(1);
  const shorter = whole.map((record) => ({
    ...record,
    samples: record.samples.filter(({ round }) => round !== 2),
  }));
  const { rows } = compareRuns(whole, shorter, { ...options, paired: true });
  assert.deepEqual(
    rows.map(({ timeRatio, verdict }) => [timeRatio!.value, verdict]),
    [
      [1, 'unchanged'],
      [1, 'unchanged'],
    ],
  );
});

test('of sides that ran in turn, rows can differ in their rounds, and an undecided one says how many a verdict would take', () => {
  const times = [100, 101, 99, 102, 98, 100.5, 99.7, 100.2, 101.3, 98.8];
  const side = (factors: readonly number[]): RunRecord[] => {
    const record = madeUpRecord(times.map((ms, index) => [ms, ms * factors[index % factors.length]!]));
    const [serial, fast] = record.variants;
    const samples = record.samples.filter(({ variant, round }) => variant === 1 || round <= 6);
    return [{ ...record, variants: [{ ...serial!, rounds: 6 }, fast!], samples }];
  };
  const comparison = compareRuns(side([1]), side([0.9, 1.1, 1]), { ...options, paired: true });
  assert.deepEqual(
    comparison.rows.map(({ variant, rounds, verdict }) => [variant, rounds.after, verdict]),
    [
      ['serial', 6, 'unchanged'],
      ['promise-all', 10, 'inconclusive'],
    ],
  );
  const text = comparisonText(comparison);
  assert.match(text, /^Judged by times, paired by round, at a margin of 5 %; 2 rows of 6 to 10 rounds\.$/m);
  assert.match(
    text,
    /^Undecided; a verdict would take about this many rounds: \d+ for crawl,\s+promise-all\.$/m,
  );
});

test('however long a name is, the table keeps within 80 columns', () => {
  for (const name of ['promise-all with retries and more words', 'x'.repeat(200)]) {
    const run = (factor: number) => timesAll([madeUpRecord(TENFOLD, { name })], factor);
    for (const paired of [false, true])
      for (const line of comparisonText(compareRuns(run(1), run(1234.5), { ...options, paired })).split('\n'))
        assert.ok(line.length <= 80, line);
  }
});
