import { test } from 'node:test';
import type { RunRecord } from '../../../../harness/record/schema.ts';
import { type Comparison, compareRuns } from '../../../../harness/report/comparison/comparison.ts';
import {
  comparisonMarkdown,
  comparisonText,
} from '../../../../harness/report/comparison/comparison-table.ts';
import { confirm } from '../../../../harness/report/comparison/verdicts.ts';
import { golden, terminalGolden } from '../../../fixtures/golden.ts';
import { madeUpRecord, TENFOLD } from '../../../fixtures/record.ts';
import { wholeRecord } from '../../../fixtures/whole-record.ts';

const MARGIN = 0.05;
/** The baseline of each round, in ms. */
const ROUNDS = [100, 101, 99, 102, 98, 100.5, 99.7];

/** A run whose row is `factor` times slower than one with a tenth of its baseline's time. */
const runOf = (factor: number, id = 'crawl'): RunRecord =>
  madeUpRecord(
    ROUNDS.map((ms, index) => [ms, (ms * factor) / (10 + index / 100)]),
    { id },
  );
/** The same run with all times multiplied by `factor`. */
const timesAll = (record: RunRecord, factor: number): RunRecord => ({
  ...record,
  samples: record.samples.map((sample) => ({ ...sample, wallMs: sample.wallMs * factor })),
});
const comparing = (before: RunRecord[], after: RunRecord[], paired = false) =>
  compareRuns(before, after, { margin: MARGIN, paired });

const slower = comparing([runOf(1)], [runOf(1.1)]);
const refuted = confirm(slower, comparing([runOf(1)], [runOf(1)]));
const confirmed = confirm(slower, slower);
/** One row of every verdict, in two experiments, with everything that can be said besides. */
const whole = (): Comparison => {
  const factors = { regressed: 1.2, improved: 0.8, unchanged: 1.01, inconclusive: 1.05 };
  const ids = Object.keys(factors);
  const before = [...ids.map((id) => runOf(1, id)), runOf(1, 'gone')];
  const after = Object.entries(factors).map(([id, factor]) => runOf(factor, id));
  const environment = { ...after[0]!.environment, cpu: { model: 'another', count: 2 } };
  const errored = {
    ...runOf(1, 'broken'),
    samples: [],
    status: 'errored' as const,
    reason: 'A sample hung.',
  };
  return comparing(before, [{ ...after[0]!, environment }, ...after.slice(1), errored]);
};

const few = (id: string, rounds = 3) => madeUpRecord(TENFOLD.slice(0, rounds), { id });

for (const [what, name, comparison] of [
  ['a regression', 'regressed', slower],
  ['a regression that did not come again', 'not-confirmed', refuted],
  ['a regression that came again', 'confirmed', confirmed],
  ['every verdict, another machine, and what is lacking', 'whole', whole()],
  ['sides that ran in turn', 'in-turn', comparing([runOf(1)], [timesAll(runOf(1), 1.63)], true)],
  ['a baseline that moved', 'moved-baseline', comparing([runOf(1)], [timesAll(runOf(1), 1.63)])],
  ['too few rounds for any verdict', 'too-few-rounds', comparing([few('crawl')], [few('crawl')])],
  [
    'too few rounds for some',
    'some-too-few-rounds',
    comparing([runOf(1), few('hash')], [runOf(1), few('hash')]),
  ],
  ['groups, and peers that are left out', 'groups', comparing([wholeRecord()], [wholeRecord()])],
] as const)
  test(`a comparison of ${what}, on a terminal and as Markdown`, (t) => {
    terminalGolden(t, `report/comparison-${name}.txt`, comparisonText(comparison));
    golden(t, `report/comparison-${name}.md`, comparisonMarkdown(comparison));
  });
