import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { conduct } from '../../../../harness/measure/conduct/conduct.ts';
import { lastRecord } from '../../../../harness/measure/conduct/events.ts';
import { NotStarted } from '../../../../harness/measure/conduct/stage.ts';
import { loadExperiment } from '../../../../harness/measure/plan/catalog.ts';
import { planRun } from '../../../../harness/measure/plan/plan.ts';
import { ChildDied } from '../../../../harness/measure/process/child.ts';
import { openTargets, startTarget, withSeed } from '../../../../harness/measure/process/target.ts';
import { findTargetKinds, type TargetKinds } from '../../../../harness/measure/process/target-kinds.ts';
import latency from '../../../../server/latency/kind.ts';
import postgresql from '../../../../server/postgresql/kind.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures');
const scratch = mkdtempSync(join(tmpdir(), 'overlap-targets-'));
after(() => rmSync(scratch, { recursive: true }));

const lines = findTargetKinds([join(FIXTURES, 'targets/lines')]);
const dies = program('dies', `throw new Error('The port is taken.');`);

/** A program of a target, or another module, as its path. */
function program(name: string, source: string): string {
  const file = join(scratch, `${name}.js`);
  writeFileSync(file, source);
  return file;
}

/** The experiment that waits on lines, ready to run. */
async function planned(kinds: TargetKinds) {
  const catalog = [await loadExperiment(join(FIXTURES, 'experiments/lines.ts'))];
  const request = { names: [], profile: 'smoke', rounds: undefined, seed: 1 } as const;
  const [plan] = await planRun({ catalog, kinds, request, environment: madeUpRecord([]).environment });
  return plan!;
}

test('a new kind of target is one new folder: an experiment that names it is measured and checked', async () => {
  const record = await lastRecord(conduct(await planned(lines), { signal: new AbortController().signal }));
  assert.equal(record.status, 'ok', record.reason ?? '');
  assert.deepEqual(record.targets, { store: { kind: 'lines', valueBytes: 8 } });
  assert.equal(record.samples.length, (2 + 1) * 3);
  for (const { variant, target, hold, boundMs, wallMs } of record.samples) {
    const limit = variant === 0 ? 1 : 6;
    assert.deepEqual([target.requests, target.connectionsUsed, target.connectionsOpened], [6, limit, 0]);
    assert.ok(target.peakInFlight <= limit);
    assert.ok(hold.shortestMs > 5 && boundMs >= hold.longestMs && boundMs <= wallMs);
  }
  assert.deepEqual(
    record.traces.map(({ arrivedMs }) => arrivedMs.length),
    [6, 6],
  );
});

test('a target that dies at its start ends the run with its own words', async () => {
  const kind = { ...(await lines.load('lines')), program: dies };
  const plan = await planned({ ...lines, load: async () => kind });
  await assert.rejects(lastRecord(conduct(plan, { signal: new AbortController().signal })), (error) => {
    assert.ok(error instanceof NotStarted && error.cause instanceof ChildDied);
    assert.equal(
      error.message,
      'lines could not start: The target ended with exit code 1 (Error: The port is taken.).',
    );
    return true;
  });
});

test('a witness module without its function ends the run in one sentence', async () => {
  const kind = { ...(await lines.load('lines')), witness: program('mute-witness', 'export const open = 1;') };
  const plan = await planned({ ...lines, load: async () => kind });
  await assert.rejects(
    lastRecord(conduct(plan, { signal: new AbortController().signal })),
    /^Error: .*mute-witness\.js is not a witness: its default export must be a function that takes an address\.$/,
  );
});

test('a target that does not say where it listens is ended', async () => {
  const mute = program(
    'mute',
    `process.send({ type: 'ready' }); process.once('disconnect', () => process.exit());`,
  );
  await assert.rejects(startTarget({ ...latency, program: mute }, {}), {
    message: 'The target started without saying at which origin it listens.',
  });
});

test('a target with something to put away is told to end, and killed when that takes too long', async () => {
  const source = (ending: string) =>
    `process.send({ type: 'ready', origin: 'x://' }); process.on('message', () => { ${ending} });`;
  for (const [name, ending, how] of [
    ['tidy', 'process.exit(7);', /ended with exit code 7/],
    ['untidy', '', /was killed by SIGKILL/],
  ] as const) {
    const limitMs = name === 'tidy' ? 60_000 : 50;
    const target = await startTarget(
      { program: program(name, source(ending)), detached: true, putAwayLimitMs: limitMs },
      {},
    );
    assert.deepEqual(target.address, { origin: 'x://', certificate: null });
    await target.end();
    assert.match(await target.ended, how);
  }
});

test('a target gets the seed of the run where its kind has one and the experiment sets none', () => {
  assert.deepEqual(withSeed(latency, { capacity: 1 }, 9), { seed: 9, capacity: 1 });
  assert.deepEqual(withSeed(latency, { seed: 4 }, 9), { seed: 4 });
  assert.deepEqual(withSeed(postgresql, { rows: 1 }, 9), { rows: 1 });
});

test('a target with evidence in its answers has no witness', async () => {
  const address = { origin: 'x://', certificate: null };
  const opened = await openTargets({ database: { address, witness: null, remote: false } });
  assert.deepEqual([...opened], [['database', { address, witness: null, remote: false }]]);
});
