import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readSamples } from '../../studies/gate/others/gate-samples.ts';
import { RUN_SAMPLES } from '../../studies/gate/others/gates.ts';
import {
  completeSamples,
  samplesFileOf,
  tableFileOf,
  tableOfSamples,
} from '../../studies/gate/others/measure-others.ts';
import { REPEATS, ROWS, SHARES, slowedName } from '../../studies/gate/others/two-rows.ts';
import { project } from '../fixtures/project.ts';
import { skipSlow } from '../fixtures/slow.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-other-gates-'));
after(() => rmSync(scratch, { recursive: true }));

test('the kept table is what the rules say of the kept samples', () => {
  const samples = readSamples(samplesFileOf(project));
  const table = readFileSync(tableFileOf(project), 'utf8');
  assert.equal(table, `${tableOfSamples(samples!)}\n`, 'run npm run measure-gate -- --others');
});

test('samples are kept as they are measured, and the next call goes on', { skip: skipSlow }, async () => {
  const measurement = { file: join(scratch, 'kept', 'samples.json'), wanted: { rounds: 1, runs: 1 } };
  assert.equal(await completeSamples(project, { ...measurement, withinMs: 0 }), null);
  const kept = readSamples(measurement.file)!;
  assert.deepEqual([kept.rounds.length, kept.runs.length], [1, 0]);
  const samples = (await completeSamples(project, { ...measurement, withinMs: 0 }))!;
  assert.deepEqual(samples.rounds, kept.rounds);
  assert.deepEqual(readSamples(measurement.file), samples);
  for (const { startMs, warmUpMs, timesMs, sampleMs } of [...samples.rounds[0]!, samples.runs[0]!]) {
    assert.ok(startMs > 0);
    assert.deepEqual(Object.keys(warmUpMs), [...ROWS]);
    for (const [name, times] of Object.entries(timesMs))
      for (const [index, ms] of times.entries()) assert.ok(ms > 0 && sampleMs[name]![index]! > 0, name);
  }
  const counts = (timesMs: Readonly<Record<string, readonly number[]>>) =>
    Object.fromEntries(Object.entries(timesMs).map(([name, times]) => [name, times.length]));
  const inRound = ROWS.flatMap((row) =>
    [row, ...SHARES.map((share) => slowedName(row, share))].map((name) => [name, REPEATS[row]]),
  );
  for (const process of samples.rounds[0]!)
    assert.deepEqual(counts(process.timesMs), Object.fromEntries(inRound));
  assert.deepEqual(
    counts(samples.runs[0]!.timesMs),
    Object.fromEntries(ROWS.map((row) => [row, RUN_SAMPLES])),
  );
});
