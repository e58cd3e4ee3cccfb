import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { figuresOf } from '../../studies/gate/others/gate-figures.ts';
import {
  conditionsIn,
  type GateSamples,
  type MeasuredProcess,
  type MeasuredRound,
  readSamples,
  resumeSamples,
  writeSamples,
} from '../../studies/gate/others/gate-samples.ts';
import { gatesMarkdown } from '../../studies/gate/others/gate-table.ts';
import { type GateOfRounds, type GateOfRuns, RUN_SAMPLES } from '../../studies/gate/others/gates.ts';
import {
  costsOf,
  shuffledSides,
  sidesInOrder,
  triedOnRounds,
  triedOnRuns,
} from '../../studies/gate/others/tries.ts';
import { REPEATS, ROWS, SHARES, slowedName } from '../../studies/gate/others/two-rows.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-gate-tries-'));
after(() => rmSync(scratch, { recursive: true }));

const ROW = 'semaphore@100';
const conditions = conditionsIn({ node: '24' });

/** A process whose rows take what their slowdown says of `scaleMs`. */
function processOf(scaleMs: number, samples: (row: string) => number): MeasuredProcess {
  const rows = ROWS.flatMap((row) =>
    [0, ...SHARES].map((share) => {
      const name = share === 0 ? row : slowedName(row, share);
      const ms = scaleMs * (1 + share);
      return [name, Array.from({ length: samples(row) }, (_, index) => ms + index / 1000)] as const;
    }),
  );
  const timesMs = Object.fromEntries(rows);
  const sampleMs = Object.fromEntries(rows.map(([name, times]) => [name, times.map(() => 100)]));
  return { startMs: 700, warmUpMs: { [ROWS[0]]: 350, [ROWS[1]]: 300 }, timesMs, sampleMs };
}

const inRound = (row: string) => REPEATS[row]!;
const rounds: readonly MeasuredRound[] = Array.from({ length: 12 }, (_, index) => [
  processOf(100 + index / 10, inRound),
  processOf(100 + ((index * 5) % 12) / 10, inRound),
]);
const samples: GateSamples = {
  conditions,
  rounds,
  runs: Array.from({ length: 8 }, (_, index) => processOf(100 + index, () => RUN_SAMPLES)),
};
const costs = costsOf(samples, ROW);
const take = <Value>(values: Iterator<Value, unknown>, count: number) =>
  Array.from({ length: count }, () => values.next().value as Value);

test('random rounds: each once before any again, its sides as measured or swapped, and the same for a seed', () => {
  const sides = take(shuffledSides(rounds, 1), 24);
  const indexOf = ({ before, after }: (typeof sides)[number]) =>
    rounds.findIndex((round) => round.includes(before) && round.includes(after));
  const order = sides.map(indexOf);
  for (const pass of [order.slice(0, 12), order.slice(12)])
    assert.deepEqual(
      pass.toSorted((one, other) => one - other),
      rounds.map((_, index) => index),
    );
  assert.notDeepEqual(order.slice(0, 12), order.slice(12));
  const swapped = sides.filter((round) => round.before === rounds[indexOf(round)]![1]).length;
  assert.ok(swapped > 0 && swapped < 24);
  assert.deepEqual(take(shuffledSides(rounds, 1), 24), sides);
  assert.notDeepEqual(take(shuffledSides(rounds, 2), 24), sides);
});

test('rounds in order: the sides take turns, and after the last comes the first', () => {
  const [last, first] = take(sidesInOrder(rounds, 11), 2);
  assert.equal(last!.before, rounds[11]![1]);
  assert.equal(last!.after, rounds[11]![0]);
  assert.equal(first!.before, rounds[0]![0]);
});

test('a process costs its start and the warm-up of its row', () => {
  assert.deepEqual(costs, { process: 1, sample: 0.1, repeats: 4 });
});

test('a gate of runs is given as many samples as its history needs, and counts the time of what it measures', () => {
  let seen: readonly (readonly number[])[] = [];
  const gate: GateOfRuns = {
    name: 'gate',
    history: 3,
    measured: 2,
    isSlower(historyMs, currentMs) {
      seen = [...historyMs, currentMs];
      return true;
    },
  };
  const tried = triedOnRuns(gate);
  const compared = { before: ROW, after: slowedName(ROW, 0.2) };
  const answer = tried.ofRounds(sidesInOrder(rounds, 0), compared, costs);
  assert.deepEqual(answer, { slower: true, seconds: 2 * (1 + RUN_SAMPLES * 0.1) });
  assert.deepEqual(
    seen.map(({ length }) => length),
    Array.from({ length: 4 }, () => RUN_SAMPLES),
  );
  assert.equal(seen[0]![0], rounds[0]![0].timesMs[ROW]![0]);
  assert.equal(seen[3]![0], rounds[0]![1].timesMs[compared.after]![0]);
  tried.ofRuns!(samples.runs, 2, ROW);
  assert.deepEqual(
    seen,
    [2, 3, 4, 5].map((run) => samples.runs[run]!.timesMs[ROW]),
  );
  tried.ofRuns!(samples.runs, 0, ROW);
  assert.equal(seen.length, 2);
});

test('a gate of rounds is given repeats only if it measures them, and pays for them', () => {
  let given = 0;
  const gate = (repeats: boolean): GateOfRounds => ({
    name: 'gate',
    repeats,
    check(times, roundSeconds) {
      given = times.next().value!.afterMs.length;
      return { slower: roundSeconds > 2.5, rounds: 3 };
    },
  });
  const compared = { before: ROW, after: ROW };
  const ask = (repeats: boolean) =>
    triedOnRounds(gate(repeats)).ofRounds(sidesInOrder(rounds, 0), compared, costs);
  const withRepeats = ask(true);
  assert.equal(given, 4);
  assert.equal(withRepeats.slower, true);
  assert.ok(Math.abs(withRepeats.seconds - 3 * 2 * 1.4) < 1e-9);
  const without = ask(false);
  assert.equal(given, 1);
  assert.ok(Math.abs(without.seconds - 3 * 2 * 1.1) < 1e-9);
});

test('where nothing but the slowdown differs, every gate but the wide thresholds finds 20 %', () => {
  const figures = figuresOf(samples, ROW, { splits: 5, pairs: 4 });
  const found = Object.fromEntries(figures.map(({ gate, found: by }) => [gate, by.get(0.2)]));
  assert.deepEqual(found, {
    'github-action-benchmark, 200 %': 0,
    'github-action-benchmark, 150 %': 0,
    'github-action-benchmark, 110 %': 5,
    benchstat: 5,
    'Bencher, t_test 0.99': 5,
    'tachometer, 0 %': 5,
    'tachometer, 5 %': 5,
    'Overlap, margin 5 %': 5,
    'Overlap, margin 2 %': 5,
    'Overlap, margin 5 %, no repeats': 5,
  });
  const alarms = figures.map(({ gate, falsePairs }) => [gate, falsePairs]);
  // Each run here is 1 % slower than the one before, which only a gate without a margin tells.
  assert.deepEqual(
    alarms.filter(([, count]) => count !== 0),
    [['benchstat', 4]],
  );
  assert.equal(figuresOf(samples, 'semaphore@10', { splits: 1, pairs: 1 }).length, figures.length - 1);
});

test('the table has a line for each gate', () => {
  const figures = new Map([[ROW, figuresOf(samples, ROW, { splits: 1, pairs: 1 })]]);
  const text = gatesMarkdown(samples, figures, { splits: 1, pairs: 1 });
  assert.match(text, /^`semaphore@100`, 101 ms: 12 rounds of both sides, and 8 runs\.\n\n\| gate/);
  for (const { gate } of figures.get(ROW)!) assert.ok(text.includes(`\n| ${gate} `), gate);
  assert.doesNotMatch(text, /NaN|undefined/);
});

test('samples are read as they were written, and continued only under the same conditions', () => {
  const file = join(scratch, 'samples.json');
  assert.equal(readSamples(file), null);
  assert.deepEqual(resumeSamples(file, conditions), { conditions, rounds: [], runs: [] });
  writeSamples(file, samples);
  assert.deepEqual(readSamples(file), JSON.parse(JSON.stringify(samples)));
  assert.equal(readFileSync(file, 'utf8').trimEnd().split('\n').length, 12 + 8 + 5);
  assert.equal(resumeSamples(file, conditions).runs.length, 8);
  assert.throws(() => resumeSamples(file, conditionsIn({ node: '26' })), /cannot be continued.*"26"/);
  writeFileSync(file, '{}');
  assert.throws(() => readSamples(file), /does not hold samples of this study/);
  writeFileSync(file, '{"rounds":');
  assert.throws(() => readSamples(file), /samples\.json cannot be read: /);
});
