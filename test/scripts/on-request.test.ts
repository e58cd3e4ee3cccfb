import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openSides } from '../../harness/measure/checkout/checkout-runs.ts';
import { openBench } from '../../harness/measure/checkout/standing-bench.ts';
import { readRecords } from '../../harness/record/record-files.ts';
import { main as bench } from '../../scripts/bench.ts';
import { callHere } from '../fixtures/command.ts';

const ROOT = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'overlap-on-request-'));
after(() => rmSync(scratch, { recursive: true }));

const COMMAND = ['--import', './scripts/require-node.js', 'scripts/bench.ts'];
const here = { directory: ROOT, node: process.execPath, bench: COMMAND, remove: async () => {} };
const env = { ...process.env, OVERLAP_PEERS: 'off', OVERLAP_REPORT: 'off' };
const runOf = (name: string, variant: string) => ({
  names: ['crawl'],
  rows: [{ experiment: 'crawl', group: '', variant }],
  profile: 'smoke',
  rounds: 1,
  seed: 1,
  out: join(scratch, name),
});

test('one bench runs one round after another, each with rows of its own, and says why one failed', async () => {
  const { signal } = new AbortController();
  const sides = await openSides({ before: here, after: here }, signal);
  try {
    await sides.before.run(runOf('first', 'semaphore@100'));
    await sides.before.run(runOf('second', 'promise-all'));
    const named = ['first', 'second'].map((name) =>
      readRecords(join(scratch, name)).map(({ variants }) => variants.map(({ id }) => id)),
    );
    assert.deepEqual(named, [[['semaphore@100']], [['promise-all']]]);
    const unknown = { ...runOf('third', 'promise-all'), names: ['nothing'] };
    await assert.rejects(sides.before.run(unknown), {
      message: /^A run of .* failed: There is no experiment "nothing"; there are .*, crawl, .*\.$/,
    });
  } finally {
    await Promise.all([sides.before.end(), sides.after.end()]);
  }
});

test('a bench that is stopped in the middle of a run ends with its run', async () => {
  const stop = new AbortController();
  const one = (await openBench(here, env, stop.signal))!;
  const args = ['crawl', '--profile', 'smoke', '--rounds', '1000', '--out', join(scratch, 'stopped')];
  const running = one.run({ args, variables: { OVERLAP_ROWS: '' } });
  const stopped = assert.rejects(running, { message: 'stopped' });
  const begun = () => readRecords(join(scratch, 'stopped')).some(({ samples }) => samples.length > 0);
  for (let look = 0; look < 600 && !begun(); look++) await wait(50);
  stop.abort(new Error('stopped'));
  await stopped;
  await one.end();
  assert.equal(readRecords(join(scratch, 'stopped'))[0]!.status, 'interrupted');
});

test('a bench whose parent is gone ends', async () => {
  const child = spawn(process.execPath, [...COMMAND, '--on-request'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  await once(child, 'message');
  const ended = once(child, 'exit');
  child.disconnect();
  assert.deepEqual(await ended, [0, null]);
});

test('a bench that does not run on request is not kept, and a person cannot start it so', async () => {
  const { signal } = new AbortController();
  assert.equal(await openBench({ ...here, bench: ['--eval', 'process.exit(1)', '--'] }, env, signal), null);
  const { code, err } = await callHere(bench, '--on-request');
  assert.equal(code, 1);
  assert.match(
    err,
    /^--on-request takes its runs from compare --base, which starts it; leave the option out\.\n$/,
  );
});
