import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RunRecord } from '../../../../harness/record/schema.ts';
import { Incomparable } from '../../../../harness/report/comparison/comparability.ts';
import { compareRuns } from '../../../../harness/report/comparison/comparison.ts';
import {
  comparisonMarkdown,
  comparisonText,
} from '../../../../harness/report/comparison/comparison-table.ts';
import {
  confirm,
  isDecidable,
  isDecided,
  regressedExperiments,
} from '../../../../harness/report/comparison/verdicts.ts';
import { madeUpRecord, TENFOLD } from '../../../fixtures/record.ts';

/** A run whose variant takes so many times as long as in the one that is ten times as fast as its baseline. */
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

test('a slowdown beyond the margin is a regression, one within it is none', () => {
  assert.equal(verdictOf(1.1), 'regressed');
  assert.equal(verdictOf(0.9), 'improved');
  assert.equal(verdictOf(1.02), 'unchanged');
  assert.deepEqual(regressedExperiments(compareRuns(runOf(1), runOf(1.1), options)), ['crawl']);
  assert.deepEqual(regressedExperiments(compareRuns(runOf(1), runOf(1), options)), []);
});

test('a change of the machine alone, which slows everything alike, is none', () => {
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
  assert.match(comparisonText(comparison), /Only now: crawl, semaphore@5\./);
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
  assert.deepEqual(warnings, ['The runs differ in the processor: made up before, another now.']);
  assert.throws(() => compareRuns(runOf(1), moved, { ...options, strict: true }), Incomparable);
});

test('runs without a row in common are refused', () => {
  const renamed = [madeUpRecord(TENFOLD, { id: 'other' })];
  assert.throws(() => compareRuns(runOf(1), renamed, options), /share no row/);
});

test('the tables keep within 80 columns and name every verdict', () => {
  const comparison = compareRuns(runOf(1), runOf(1.1), options);
  const text = comparisonText(comparison);
  for (const line of text.split('\n')) assert.ok(line.length <= 80, line);
  assert.match(text, /promise-all +10\.0x +9\.12x +-9\.1 % .*regressed/);
  assert.match(text, /Of 1 rows, 1 regressed, 0 improved/);
  assert.match(comparisonMarkdown(comparison), /\| crawl +\| +\| promise-all +\|.*\| regressed +\|/);
});

test('what regressed and does not regress again is not confirmed, and shown with both intervals', () => {
  const slower = compareRuns(runOf(1), runOf(1.1), options);
  const refuted = confirm(slower, compareRuns(runOf(1), runOf(1), options));
  assert.equal(refuted.rows[0]!.verdict, 'not confirmed');
  assert.equal(refuted.rows[0]!.again!.verdict, 'unchanged');
  assert.match(
    comparisonText(refuted),
    /^promise-all +10\.0x +9\.12x +-9\.1 % +-9\.4 to -8\.8 +\S+ not confirmed\n {2}again +10\.0x +10\.0x +0\.0 % +-0\.3 to \+0\.3 +\S+ +unchanged$/m,
  );
  assert.match(comparisonText(refuted), /^Of 1 rows, 0 regressed, 1 not confirmed, 0 improved/m);
  assert.match(
    comparisonMarkdown(refuted),
    /\| promise-all \|.*\| -9\.4 to -8\.8 \|.*\| not confirmed \|\n.*\| promise-all, again \|.*\| -0\.3 to \+0\.3 \|.*\| unchanged \|/,
  );
  assert.deepEqual(regressedExperiments(refuted), []);
  assert.equal(isDecided(refuted), false);
  assert.match(
    comparisonText(refuted),
    /Regressed at first, and not when measured again: crawl, promise-all\./,
  );
  const confirmed = confirm(slower, slower);
  assert.deepEqual(regressedExperiments(confirmed), ['crawl']);
  assert.equal(isDecided(confirmed), true);
  assert.match(comparisonMarkdown(confirmed), /Regressed again when measured again: crawl, promise-all\./);
});

test('a warning of the second measurement alone is kept as one', () => {
  const slower = compareRuns(runOf(1), runOf(1.1), options);
  const warned = { ...slower, warnings: ['The run now is not to be trusted.'] };
  assert.deepEqual(confirm(slower, warned).warnings, [
    'When measured again: The run now is not to be trusted.',
  ]);
  assert.deepEqual(confirm(warned, warned).warnings, warned.warnings);
});

test('rows with too few rounds for any verdict are named, with what it takes', () => {
  const few = (rounds: number, factor: number) => [
    madeUpRecord(TENFOLD.slice(0, rounds).map(([baselineMs, variantMs]) => [baselineMs, variantMs * factor])),
  ];
  const undecided = compareRuns(few(3, 1), few(3, 10), options);
  assert.equal(undecided.rows[0]!.verdict, 'inconclusive');
  assert.equal(undecided.rows.some(isDecidable), false);
  assert.match(
    comparisonText(undecided).replaceAll('\n', ' '),
    /No row can be decided with 3 rounds before and 3 now: measure at least 6 on each side, as npm run bench -- --rounds 6 does\./,
  );
  const paired = compareRuns(few(5, 1), few(5, 10), { ...options, paired: true });
  assert.equal(paired.rows.some(isDecidable), false);
  for (const pairs of [false, true]) {
    const enough = compareRuns(few(6, 1), few(6, 10), { ...options, paired: pairs });
    assert.deepEqual(enough.rows.map(isDecidable).includes(false), false);
    assert.doesNotMatch(comparisonText(enough), /rounds before|Too few/);
  }
  const both = (rounds: number) => [
    ...runOf(1),
    { ...few(rounds, 1)[0]!, experiment: { id: 'hash', title: '', question: '' } },
  ];
  assert.match(
    comparisonText(compareRuns(both(3), both(3), options)).replaceAll('\n', ' '),
    /Too few rounds for a verdict, for which 6 on each side are enough: hash, promise-all\./,
  );
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

/** The same run, with all times so many times as long. */
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
  const text = comparisonText(comparison);
  assert.match(
    text,
    /^serial \(baseline\) +100 ms +163 ms +\+63\.0 % +\+63\.0 to \+63\.0 +0\.031 +regressed$/m,
  );
  assert.match(
    text,
    /^promise-all +9\.97 ms +16\.3 ms +\+63\.0 % .*regressed\n {2}speedup +10\.0x +10\.0x +0\.0 %/m,
  );
  assert.match(text, /The verdicts are of times, paired by round\./);
  assert.match(
    comparisonMarkdown(comparison),
    /\| crawl \| \| promise-all \| 9\.97 ms \| 16\.3 ms \| .* \| regressed \| 10\.0x \| 10\.0x \|/,
  );
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
  assert.match(
    comparisonText(moved).replaceAll('\n', ' '),
    /The baseline crawl, serial took 100 ms before and 163 ms now \(\+63\.0 %, \+60\.2 to \+65\.8\), which no speedup shows\./,
  );
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

test('however long a name is, the table keeps within 80 columns', () => {
  for (const name of ['promise-all with retries and more words', 'x'.repeat(200)]) {
    const run = (factor: number) => timesAll([madeUpRecord(TENFOLD, { name })], factor);
    for (const paired of [false, true])
      for (const line of comparisonText(compareRuns(run(1), run(1234.5), { ...options, paired })).split('\n'))
        assert.ok(line.length <= 80, line);
  }
});
