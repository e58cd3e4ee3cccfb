import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { finishedRounds, ratiosOf, statusOf, timesOf } from '../../../../harness/findings/finished.ts';
import { alternate, type BothSides } from '../../../../harness/measure/checkout/alternate.ts';
import { joinRounds } from '../../../../harness/measure/checkout/join-rounds.ts';
import { checkRecord } from '../../../../harness/record/record-files.ts';
import type { RunRecord } from '../../../../harness/record/schema.ts';
import { compareRuns } from '../../../../harness/report/comparison/comparison.ts';
import { madeUpRecord, TENFOLD } from '../../../fixtures/record.ts';

test('runs of one round each become one record, in their order', () => {
  const joined = joinRounds(TENFOLD.map((times) => [madeUpRecord([times])]));
  const whole = madeUpRecord(TENFOLD);
  assert.equal(joined.length, 1);
  assert.equal(joined[0]!.rounds, TENFOLD.length);
  assert.deepEqual(joined[0]!.samples, whole.samples);
  assert.deepEqual(
    ratiosOf(joined[0]!).map(({ logs }) => logs),
    ratiosOf(whole).map(({ logs }) => logs),
  );
});

test('no run is no record', () => {
  assert.deepEqual(joinRounds([]), []);
});

test('rows and experiments that later rounds left out have fewer rounds, and samples keep the numbers of their rounds', () => {
  const round = ([baselineMs, variantMs]: readonly [number, number]) =>
    madeUpRecord([[baselineMs, variantMs]]);
  /** The variant alone, which is then the first row of its list. */
  const alone = (record: RunRecord): RunRecord => ({
    ...record,
    variants: record.variants.slice(1),
    samples: record.samples
      .filter(({ variant }) => variant === 1)
      .map((sample) => ({ ...sample, variant: 0 })),
  });
  const other = madeUpRecord([[100, 50]], { id: 'limiters' });
  const [crawl, limiters] = joinRounds([
    [round([100, 10]), other],
    [round([101, 11]), other],
    [alone(round([102, 12]))],
  ]);
  checkRecord('crawl.json', crawl);
  assert.deepEqual([crawl!.rounds, limiters!.rounds], [3, 2]);
  assert.deepEqual(
    crawl!.variants.map(({ id, rounds }) => [id, rounds]),
    [
      ['serial', 2],
      ['promise-all', 3],
    ],
  );
  assert.deepEqual(
    crawl!.samples.filter(({ variant }) => variant === 1).map(({ round, wallMs }) => [round, wallMs]),
    [
      [1, 10],
      [2, 11],
      [3, 12],
    ],
  );
  assert.deepEqual(
    timesOf(crawl!).map(({ times }) => times),
    [
      [100, 101],
      [10, 11, 12],
    ],
  );
  assert.equal(statusOf(crawl!, finishedRounds(crawl!).length).status, 'ok');
});

test('a round with more repeats of a row has their median, and a round that lacks a row is left out', () => {
  const once = madeUpRecord([[100, 10]]);
  const often: RunRecord = {
    ...once,
    variants: once.variants.map((row) => (row.baseline ? row : { ...row, repeats: 3 })),
    samples: once.samples.flatMap((sample) =>
      sample.variant === 0
        ? [sample]
        : [sample, { ...sample, repeat: 2, wallMs: 12 }, { ...sample, repeat: 3, wallMs: 13 }],
    ),
  };
  const [joined] = joinRounds([[once], [often]]);
  checkRecord('crawl.json', joined);
  assert.deepEqual([joined!.otherRepeats, joinRounds([[once], [once]])[0]!.otherRepeats], [true, undefined]);
  assert.deepEqual(timesOf(joined!)[1]!.times, [10, 12]);
  const samples = joined!.samples.filter(({ round, variant }) => round === 1 || variant === 0);
  assert.deepEqual(timesOf({ ...joined!, samples })[1]!.times, [10]);
});

test('sides are paired by the numbers of their rounds', () => {
  const sideOf = (...times: number[]) => madeUpRecord(times.map((ms) => [100, ms] as const));
  const without = (record: RunRecord, round: number): RunRecord => ({
    ...record,
    samples: record.samples.filter((sample) => sample.round !== round),
  });
  // By position, the rounds of each side would stand beside others, and no difference would be 0.
  const before = without(sideOf(10, 20, 30, 40, 50, 60, 70, 80), 1);
  const after = without(sideOf(10, 20, 30, 40, 50, 60, 70, 80), 8);
  const row = compareRuns([before], [after], { margin: 0.05, paired: true }).rows[1]!;
  assert.deepEqual(row.rounds, { before: 6, after: 6 });
  assert.equal(row.timeRatio!.value, 1);
});

const ROWS = [{ experiment: 'crawl', group: '', variant: 'promise-all' }];

const OFTEN = ROWS.map((row) => ({ ...row, repeats: 2 }));

/** What a bench makes of the rows that it is asked for. */
type Obeys = 'not' | 'rows' | 'rows and repeats';

/** A checkout whose run writes one record, in place of a Node that measures, and a line with the rows asked for. */
function fakeCheckout(directory: string, name: string, obeys: Obeys = 'rows and repeats') {
  const node = join(directory, name);
  const [whole] = [madeUpRecord(TENFOLD.slice(0, 1))];
  const limited = {
    ...whole,
    variants: whole!.variants.slice(1),
    samples: whole!.samples
      .filter(({ variant }) => variant === 1)
      .map((sample) => ({ ...sample, variant: 0 })),
    traces: [],
  };
  const often = {
    ...limited,
    variants: limited.variants.map((variant) => ({ ...variant, repeats: 2 })),
    samples: limited.samples.flatMap((sample) => [sample, { ...sample, repeat: 2 }]),
  };
  for (const [folder, record] of Object.entries({ whole, limited, often })) {
    mkdirSync(join(directory, folder), { recursive: true });
    writeFileSync(join(directory, folder, 'crawl.json'), JSON.stringify(record));
  }
  const lines = [
    '#!/bin/sh',
    // An older bench does not know this option.
    'case "$*" in *--on-request*) exit 1 ;; esac',
    `echo "${name} rows $OVERLAP_ROWS" >> asked.txt`,
    'from=whole',
    ...(obeys === 'not' ? [] : ['if [ "$OVERLAP_ROWS" ]; then from=limited; fi']),
    ...(obeys === 'rows and repeats' ? ['case "$OVERLAP_ROWS" in *repeats*) from=often ;; esac'] : []),
    'while [ "$1" != --out ]; do shift; done',
    'mkdir -p "$2" && cp "$from/crawl.json" "$2"',
  ];
  writeFileSync(node, `${lines.join('\n')}\n`);
  chmodSync(node, 0o755);
  return { directory, node, bench: [], remove: async () => {} };
}

/** Runs with a folder of its own, since temporary folders of others that run at the same time are not looked at. */
async function inFolder(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'overlap-sides-'));
  const temporary = process.env.TMPDIR;
  process.env.TMPDIR = directory;
  try {
    await work(directory);
  } finally {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
    rmSync(directory, { recursive: true });
  }
}

const { signal } = new AbortController();

test('sides take turns, each round reports both records, and nothing is left after the caller stops', () =>
  inFolder(async (directory) => {
    const side = fakeCheckout(directory, 'node');
    const files = readdirSync(directory);
    const next = () => ({ names: [], rows: null });
    const told: string[] = [];
    const what = { before: side, after: side, profile: 'smoke', seed: 1, next };
    for await (const event of alternate(what, signal)) {
      if (event.type === 'side started') told.push(`${event.round} ${event.side}`);
      else {
        const { before, after } = event.sides;
        told.push(`${event.round} both`);
        assert.deepEqual([before[0]!.rounds, after[0]!.rounds], [event.round, event.round]);
        if (event.round === 2) break;
      }
    }
    assert.deepEqual(told, ['1 before', '1 after', '1 both', '2 after', '2 before', '2 both']);
    assert.deepEqual(readdirSync(directory).sort(), [...files, 'asked.txt'].sort());
  }));

/** The rows that each run was asked for after three rounds of all rows. */
async function askedOf(directory: string, baseObeys: Obeys, later = [ROWS, ROWS]) {
  const work = [null, null, null, ...later].map((rows) => ({ names: [], rows }));
  const before = fakeCheckout(directory, 'before', baseObeys);
  const after = fakeCheckout(directory, 'after');
  let last: BothSides | undefined;
  const next = () => work.shift() ?? null;
  for await (const event of alternate({ before, after, profile: 'smoke', seed: 1, next }, signal))
    if (event.type === 'both finished') last = event.sides;
  const asked = readFileSync(join(directory, 'asked.txt'), 'utf8').trim().split(/ *\n/).slice(6);
  const rounds = [last!.before, last!.after].map(([record]) => record!.variants.map((row) => row.rounds));
  return { asked, rounds };
}

test('rounds of some rows ask both sides for these only, and end when nothing is next', () =>
  inFolder(async (directory) => {
    const { asked, rounds } = await askedOf(directory, 'rows and repeats');
    const rows = JSON.stringify(ROWS);
    // The fourth round begins with the base, which shows whether it can choose rows.
    assert.deepEqual(asked, [
      `before rows ${rows}`,
      `after rows ${rows}`,
      `before rows ${rows}`,
      `after rows ${rows}`,
    ]);
    assert.deepEqual(rounds, [
      [3, 5],
      [3, 5],
    ]);
  }));

test('where an older base measures all rows, so does the other side', () =>
  inFolder(async (directory) => {
    const { asked, rounds } = await askedOf(directory, 'not');
    assert.deepEqual(asked, [
      `before rows ${JSON.stringify(ROWS)}`,
      'before rows',
      'after rows',
      'before rows',
      'after rows',
    ]);
    assert.deepEqual(rounds, [
      [5, 5],
      [5, 5],
    ]);
  }));

test('where an older base repeats less often than asked, both sides measure the round anew, with all rows', () =>
  inFolder(async (directory) => {
    const { asked, rounds } = await askedOf(directory, 'rows', [ROWS, ROWS, OFTEN]);
    assert.deepEqual(asked.slice(4), [
      `after rows ${JSON.stringify(OFTEN)}`,
      `before rows ${JSON.stringify(OFTEN)}`,
      'after rows',
      'before rows',
    ]);
    assert.deepEqual(rounds, [
      [4, 6],
      [4, 6],
    ]);
  }));
