/**
 * Measures the comparison of separate runs: its rate of false alarms, and how often it finds a change that was made on
 * purpose. All runs are of `crawl` in the quick profile, each in fresh processes; two runs are compared as `npm run compare`
 * does. Prints a Markdown table. Keep the machine idle meanwhile. `npm run measure-separate-runs`; it takes about 45 minutes.
 */
import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { markdownTable } from 'markdown-table';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { conduct } from '../../harness/measure/conduct/conduct.ts';
import { lastRecord } from '../../harness/measure/conduct/events.ts';
import { loadExperiment } from '../../harness/measure/plan/catalog.ts';
import { planRun } from '../../harness/measure/plan/plan.ts';
import { shuffled } from '../../harness/measure/plan/round-order.ts';
import { startChild } from '../../harness/measure/process/child.ts';
import { describeEnvironment } from '../../harness/measure/process/environment.ts';
import { findTargetKinds } from '../../harness/measure/process/target-kinds.ts';
import { openProject } from '../../harness/project.ts';
import type { RunRecord } from '../../harness/record/schema.ts';
import { type ComparedRow, compareRuns } from '../../harness/report/comparison/comparison.ts';
import type { Verdict } from '../../harness/statistics/comparison.ts';
import { watchOutput } from '../../scripts/output.ts';
import { SLOWED_ROWS, type SlowedRow } from './slowed/slowed-crawl.ts';

const command = new Command('npm run measure-separate-runs --')
  .description(
    'Measures how often npm run compare is wrong about speedups of separate runs; takes about 45 minutes.',
  )
  .option('--tiny', 'test the study in a few minutes, with meaningless numbers')
  .parse();
const tiny = command.opts().tiny === true;
const PROFILE = tiny ? 'smoke' : 'quick';
const MARGIN = 0.05;
const NARROW_MARGIN = 0.02;
const SPLITS = tiny ? 5 : 200;
const SPLIT_ROUNDS = 6;
/** The rounds that rows of tens of milliseconds need for a verdict, as with `--base` and `--until`. */
const MANY_ROUNDS = tiny ? 6 : 24;
const LONG_ROUNDS = tiny ? 12 : 60;
const TRIES = tiny ? 2 : 40;
const BUSY_TRIES = tiny ? 1 : 6;
const SEED = 1;

watchOutput();
const AS_IT_IS = await loadExperiment(join(import.meta.dirname, '../../benchmarks/crawl.ts'));
const SLOWED = await loadExperiment(join(import.meta.dirname, 'slowed/slowed-crawl.ts'));
const project = await openProject(join(import.meta.dirname, '../..'));
const environment = await describeEnvironment(project);
const kinds = findTargetKinds([join(import.meta.dirname, '../../server/latency')]);

/** One run, in new processes. */
async function measure(entry: typeof AS_IT_IS, seed: number, rounds?: number): Promise<RunRecord> {
  const request = { names: [], profile: PROFILE, rounds, seed } as const;
  const [plan] = await planRun({ catalog: [entry], kinds, request, environment });
  const record = await lastRecord(conduct(plan!, { signal: new AbortController().signal }));
  if (record.status !== 'ok') throw new Error(record.reason ?? 'A run failed.');
  return record;
}

async function whileOneCoreIsBusy<Result>(work: () => Promise<Result>): Promise<Result> {
  const { child } = await startChild('The busy process', join(import.meta.dirname, 'busy.ts'));
  try {
    return await work();
  } finally {
    await child.kill();
  }
}

/** A record with some of the rounds of another, renumbered. */
function roundsOf(record: RunRecord, rounds: readonly number[]): RunRecord {
  const samples = rounds.flatMap((round, index) =>
    record.samples
      .filter((sample) => !sample.warmUp && sample.round === round)
      .map((sample) => ({ ...sample, round: index + 1 })),
  );
  const variants = record.variants.map((variant) => ({ ...variant, rounds: rounds.length }));
  return { ...record, rounds: rounds.length, variants, samples };
}

function rowsOf(before: RunRecord, after: RunRecord, margin = MARGIN): readonly ComparedRow[] {
  return compareRuns([before], [after], { margin }).rows;
}

/** How many comparisons have a row with this verdict. */
function countOf(comparisons: readonly (readonly ComparedRow[])[], verdict: Verdict): number {
  return comparisons.filter((rows) => rows.some((row) => row.verdict === verdict)).length;
}

type Line = readonly [what: string, regressed: string, improved: string, how: string];

function alarms(what: string, comparisons: readonly (readonly ComparedRow[])[], how: string): Line {
  const share = (verdict: Verdict) => `${countOf(comparisons, verdict)} of ${comparisons.length}`;
  return [what, share('regressed'), share('improved'), how];
}

const progress = (text: string) => console.error(text);

/** The record's slowed row under the name of the row that it is compared with. */
function underItsName(record: RunRecord, { id, variant }: SlowedRow): RunRecord {
  const names = new Map([
    [id, variant],
    [variant, `${variant}, as it is`],
  ]);
  const variants = record.variants.map((row) => ({ ...row, id: names.get(row.id) ?? row.id }));
  return { ...record, variants };
}

function slowedRow(before: RunRecord, after: RunRecord, row: SlowedRow, margin: number) {
  return rowsOf(before, underItsName(after, row), margin).filter(({ variant }) => variant === row.variant);
}

const random = xoroshiro128plus(SEED);
/** Two disjoint sets of rounds of one long run. */
function twoSetsOfRounds(size: number): readonly [number[], number[]] {
  const order = shuffled(LONG_ROUNDS, (below) => uniformInt(random, 0, below - 1)).map((index) => index + 1);
  return [order.slice(0, size), order.slice(size, 2 * size)];
}

progress('Two long runs, as it is and slowed.');
const long = await measure(AS_IT_IS, SEED, LONG_ROUNDS);
const longSlowed = await measure(SLOWED, SEED, LONG_ROUNDS);
const splits = Array.from({ length: SPLITS }, () => {
  const [one, other] = twoSetsOfRounds(SPLIT_ROUNDS);
  return rowsOf(roundsOf(long, one), roundsOf(long, other));
});

const plain: RunRecord[] = [];
const slowed: RunRecord[] = [];
for (let number = 1; number <= TRIES; number++) {
  progress(`Runs as they are and slowed: ${number} of ${TRIES}.`);
  plain.push(await measure(AS_IT_IS, SEED + number));
  slowed.push(await measure(SLOWED, SEED + number));
}
const busy: RunRecord[] = [];
for (let number = 1; number <= BUSY_TRIES; number++) {
  progress(`Runs beside a busy process: ${number} of ${BUSY_TRIES}.`);
  busy.push(await whileOneCoreIsBusy(() => measure(AS_IT_IS, SEED + TRIES + number)));
}

const pairs = Array.from({ length: TRIES / 2 }, (_, index) =>
  rowsOf(plain[2 * index]!, plain[2 * index + 1]!),
);
const slowedNames = new Set(SLOWED_ROWS.map(({ id }) => id));
const others = slowed.map((record, index) =>
  rowsOf(plain[index]!, record).filter((row) => !slowedNames.has(row.variant)),
);
/** A slowdown of 5 % equals the default margin, so the gate cannot decide on it. */
const marginFor = ({ share }: SlowedRow) => (share > MARGIN ? MARGIN : NARROW_MARGIN);
const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
const sixRounds = SLOWED_ROWS.map((row) =>
  alarms(
    row.id,
    slowed.map((record, index) => slowedRow(plain[index]!, record, row, marginFor(row))),
    `two runs, a margin of ${percent(marginFor(row))}`,
  ),
);
const manyRounds = SLOWED_ROWS.map((row) =>
  alarms(
    row.id,
    Array.from({ length: TRIES }, () => {
      const [one, other] = twoSetsOfRounds(MANY_ROUNDS);
      return slowedRow(roundsOf(long, one), roundsOf(longSlowed, other), row, marginFor(row));
    }),
    `${MANY_ROUNDS} of ${LONG_ROUNDS} rounds of either long run, a margin of ${percent(marginFor(row))}`,
  ),
);

const lines: Line[] = [
  alarms(
    'nothing changed: halves of one run',
    splits,
    `${LONG_ROUNDS} rounds, split at random into twice ${SPLIT_ROUNDS}`,
  ),
  alarms('nothing changed: two runs', pairs, 'one after the other, a slowed one between them'),
  alarms(
    'nothing changed, a core busy in one run',
    busy.map((record, index) => rowsOf(plain[index]!, record)),
    '',
  ),
  alarms('nothing changed: rows beside slowed ones', others, 'of the runs below'),
  ...sixRounds,
  ...manyRounds,
];
console.log(markdownTable([['what', 'regressed', 'improved', 'how'], ...lines.map((line) => [...line])]));
