/**
 * Measures the gate itself: how often it finds a change where there is none, and how often it finds one that was made.
 * All runs are of `crawl` in the quick profile, each in fresh processes; two runs are compared as `npm run compare` does.
 * Prints a Markdown table. Nothing else should run meanwhile. `npm run measure-gate`; it takes about 45 minutes.
 */
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { loadExperiment } from '../../harness/measure/catalog.ts';
import { startChild } from '../../harness/measure/child.ts';
import { conduct } from '../../harness/measure/conduct.ts';
import { describeEnvironment } from '../../harness/measure/environment.ts';
import { planRun } from '../../harness/measure/plan.ts';
import { shuffled } from '../../harness/measure/rounds.ts';
import type { RunRecord } from '../../harness/record.ts';
import { type ComparedRow, compareRuns } from '../../harness/report/comparison.ts';
import type { Verdict } from '../../harness/statistics/comparison.ts';
import { SLOWER } from './slowed/crawl.ts';

const MARGIN = 0.05;
/** A slowdown of 5 % lies on the default margin, where no verdict can be expected. */
const NARROW_MARGIN = 0.02;
const SPLITS = 200;
const SPLIT_ROUNDS = 6;
const LONG_ROUNDS = 60;
const TRIES = 40;
const BUSY_TRIES = 6;
const SEED = 1;

const AS_IT_IS = await loadExperiment(join(import.meta.dirname, '../crawl.ts'));
const SLOWED = await loadExperiment(join(import.meta.dirname, 'slowed/crawl.ts'));
const environment = await describeEnvironment();
const nobody = { progressed() {}, roundFinished() {} };

/** One run, in processes of its own. */
async function measure(entry: typeof AS_IT_IS, seed: number, rounds?: number): Promise<RunRecord> {
  const request = { names: [], profile: 'quick', rounds, seed } as const;
  const [plan] = planRun([entry], request, environment);
  const record = await conduct(plan!, nobody, new AbortController().signal);
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

/** A record of some of the rounds of another, numbered anew. */
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

progress('One long run.');
const long = await measure(AS_IT_IS, SEED, LONG_ROUNDS);
const random = xoroshiro128plus(SEED);
const splits = Array.from({ length: SPLITS }, () => {
  const order = shuffled(LONG_ROUNDS, (below) => uniformInt(random, 0, below - 1)).map((index) => index + 1);
  const [one, other] = [order.slice(0, SPLIT_ROUNDS), order.slice(SPLIT_ROUNDS, 2 * SPLIT_ROUNDS)];
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
const found = (variant: string, margin: number) =>
  slowed.map((record, index) =>
    rowsOf(plain[index]!, record, margin).filter((row) => row.variant === variant),
  );
const others = slowed.map((record, index) =>
  rowsOf(plain[index]!, record).filter((row) => !(row.variant in SLOWER)),
);
const percent = (share: number) => `${(share * 100).toFixed(0)} %`;

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
  ...Object.entries(SLOWER).map(([variant, share]) => {
    const margin = share > MARGIN ? MARGIN : NARROW_MARGIN;
    return alarms(
      `${variant} ${percent(share)} slower`,
      found(variant, margin),
      `a margin of ${percent(margin)}`,
    );
  }),
];
console.log(markdownTable([['what', 'regressed', 'improved', 'how'], ...lines.map((line) => [...line])]));
