import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesOf, leastRunsFor } from '../../../harness/history/changes.ts';
import { changeText, historyText, seriesText } from '../../../harness/history/history-text.ts';
import type { HistoryRun } from '../../../harness/history/run-schema.ts';
import { seriesOf } from '../../../harness/history/series.ts';
import { sidesOf } from '../../../harness/history/sides.ts';
import { terminalGolden } from '../../fixtures/golden.ts';
import { exactly, madeUpHistoryRun, madeUpRow, madeUpRuns } from '../../fixtures/history-runs.ts';

const found = (runs: readonly HistoryRun[]) => changesOf(seriesOf(runs));
const commitOf = (point: { readonly run: HistoryRun }) =>
  Number.parseInt(point.run.commit.id.slice(0, 2), 16);
const textOf = (runs: readonly HistoryRun[]) => historyText(runs, seriesOf(runs), found(runs), 0.02);

test('a step of one row is told between the commits around it, and no other row is', () => {
  const steady = madeUpRuns(30, () => 1, { variant: 'steady' });
  const runs = madeUpRuns(30, (commit) => (commit < 17 ? 1 : 0.9)).map((run, index) => ({
    ...run,
    rows: [...run.rows, ...steady[(index + 5) % 30]!.rows],
  }));
  const { changes, tooShort } = found(runs);
  assert.equal(tooShort.length, 0);
  assert.equal(changes.length, 1);
  const [{ series, kind, ratio, between, nearest }] = changes as [(typeof changes)[number]];
  assert.deepEqual([series.variant, kind], ['semaphore@100', 'step']);
  assert.deepEqual(nearest.map(commitOf), [16, 17]);
  assert.ok(commitOf(between[0]) <= 16 && commitOf(between[1]) >= 17);
  assert.ok(ratio.low! < 0.9 && ratio.high! > 0.9);
});

test('a slow decline is a drift from the first commit to the last', () => {
  const { changes } = found(madeUpRuns(40, (commit) => 0.997 ** commit));
  assert.deepEqual(
    changes.map(({ kind, between, ratio }) => [kind, between.map(commitOf), ratio.value < 0.92]),
    [['drift', [0, 39], true]],
  );
});

test('both sides of a speedup are told: it also falls when the baseline gets faster', () => {
  const runs = madeUpRuns(30, (commit) => (commit < 15 ? 1 : 0.8)).map((run, index) => ({
    ...run,
    rows: run.rows.map((row) =>
      madeUpRow({ ...row, baselineTimeMs: exactly(index < 15 ? 1000 : 800), timeMs: exactly(100) }),
    ),
  }));
  const [change] = found(runs).changes;
  assert.deepEqual(sidesOf(change!), { rowMs: [100, 100], baselineMs: [1000, 800] });
});

test('with two runs of each commit, the two commits are named once', () => {
  const runs = madeUpRuns(24, (at) => (at < 12 ? 1 : 0.8)).map((run, at) => ({
    ...run,
    commit: madeUpHistoryRun(Math.floor(at / 2)).commit,
  }));
  const [change] = found(runs).changes;
  const { points } = change!.series;
  const textFrom = (before: number, after: number) =>
    changeText({
      ...change!,
      between: [points[before]!, points[after]!],
      nearest: [points[11]!, points[12]!],
    });
  assert.match(textFrom(11, 12), / changed between 05c{7} and 06c{7}: /);
  assert.match(textFrom(10, 13), / changed between 05c{7} and 06c{7}: /);
  assert.match(textFrom(8, 13), / changed between 04c{7} and 06c{7}, most likely 05c{7} to 06c{7}: /);
});

test('fewer runs than a proof needs are too few, and rows raise what it needs', () => {
  const step = (count: number) => found(madeUpRuns(count, (commit) => (commit < count / 2 ? 1 : 0.5)));
  assert.deepEqual([step(11).changes.length, step(11).tooShort.length], [0, 1]);
  assert.deepEqual([step(12).changes.length, step(12).tooShort.length], [1, 0]);
  assert.equal(leastRunsFor(1), 12);
  assert.ok(leastRunsFor(20) > 12 && leastRunsFor(130) > leastRunsFor(20));
});

test('other machines and other work are compared with themselves alone', () => {
  const runs = madeUpRuns(40, (commit) => (commit % 2 === 0 ? 1 : 0.5)).map((run, commit) =>
    commit % 2 === 0 ? run : { ...run, machine: { ...run.machine, processor: 'slow' } },
  );
  assert.deepEqual(found(runs).changes, []);
  const changed = madeUpRuns(40, (commit) => (commit < 20 ? 1 : 0.5)).map((run, commit) =>
    commit < 20 ? run : { ...run, rows: run.rows.map((row) => ({ ...row, work: 'ffffffffffff' })) },
  );
  assert.deepEqual(found(changed).changes, []);
});

test('a history fits a terminal: what changed, where, and the newest series', (context) => {
  const rows = ['alpha', 'beta', 'gamma'].map((variant, index) =>
    madeUpRuns(30, (commit) => (index > 0 || commit < 17 ? 1 : 0.9), { variant }),
  );
  const runs = rows[0]!.map((run, commit) => ({ ...run, rows: rows.flatMap((one) => one[commit]!.rows) }));
  terminalGolden(context, 'history/history.txt', `${textOf(runs).join('\n')}\n`);
  const [newest] = seriesOf(runs);
  terminalGolden(context, 'history/series.txt', `${seriesText(newest!).join('\n')}\n`);
});

test('a history of many rows, places and changes has at most 24 lines of 80 columns', () => {
  const names = Array.from(
    { length: 60 },
    (_, index) => `a row with a long name that no table has room for ${index}`,
  );
  const rows = names.map((variant, index) =>
    madeUpRuns(60, (commit) => (commit < 20 + (index % 20) ? 1 : 0.7), {
      variant,
      group: 'where much varies',
    }),
  );
  const runs = rows[0]!.map((run, commit) => ({
    ...run,
    node: `${20 + Math.floor(commit / 50)}.1.0`,
    rows: rows.flatMap((one) => one[commit]!.rows),
  }));
  const lines = textOf(runs);
  assert.ok(lines.length <= 24, `${lines.length} lines`);
  for (const line of lines) assert.ok(line.length <= 80, line);
  assert.ok(seriesText(seriesOf(runs)[0]!).length <= 24);
});

test('one run is shown, and said to be too few', () => {
  const lines = textOf([madeUpHistoryRun(0)]);
  assert.match(lines.join('\n'), /^Too few runs of 1 row: a change can be proven from 12 runs on\.\n/);
});
