import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { plain } from '../../../../harness/findings/general.ts';
import { conduct } from '../../../../harness/measure/conduct/conduct.ts';
import { lastRecord } from '../../../../harness/measure/conduct/events.ts';
import { loadExperiment } from '../../../../harness/measure/plan/catalog.ts';
import { planRun } from '../../../../harness/measure/plan/plan.ts';
import { startPeer } from '../../../../harness/measure/process/peer-process.ts';
import { findPeers } from '../../../../harness/measure/process/peers.ts';
import { markdownSummary } from '../../../../harness/report/markdown.ts';
import { summarise } from '../../../../harness/report/summary.ts';
import { terminalTable } from '../../../../harness/report/table.ts';
import { kinds } from '../../../fixtures/kinds.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';

const FIXTURES = join(import.meta.dirname, '../../../fixtures');
const PYTHON = 'python3';
const hasPython = spawnSync(PYTHON, ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;
const skip = hasPython ? false : 'there is no Python of at least 3.11 here';
const scratch = mkdtempSync(join(tmpdir(), 'overlap-peers-'));
after(() => rmSync(scratch, { recursive: true }));
const find = (program = PYTHON, runtimes = ['python']) =>
  findPeers({
    folders: runtimes.map((name) => join(FIXTURES, 'peers', name)),
    programs: { python: program },
    cache: join(scratch, 'cache'),
  });

test('peers that can run are found with their versions, others are skipped with a reason', {
  skip,
}, async () => {
  const { found, skipped } = await find();
  assert.deepEqual(
    found.map(({ id }) => id),
    ['dying', 'good', 'nonsense', 'silent'],
  );
  assert.match(found[1]!.versions.python!, /^3\./);
  assert.deepEqual(skipped, [
    {
      id: 'lacking',
      reason:
        'python3 has no no_such_library; python3 -m pip install -r benchmarks/peers/python/requirements.txt adds it.',
    },
  ]);
});

test('without an interpreter every peer is skipped with a sentence', async () => {
  const { found, skipped } = await find('no-such-python');
  assert.deepEqual(found, []);
  assert.equal(skipped.length, 5);
  for (const { reason } of skipped)
    assert.match(
      reason,
      /^no-such-python cannot be started \(.*ENOENT\); --runtime python=PATH names another\.$/,
    );
});

test('an interpreter that is too old is named with its version', async () => {
  const old = join(scratch, 'python');
  writeFileSync(old, '#!/bin/sh\necho Python 3.9.2\n', { mode: 0o755 });
  const { found, skipped } = await find(old);
  assert.equal(found.length, 0);
  assert.equal(
    skipped[0]!.reason,
    `${old} is Python 3.9.2; --runtime python=PATH names another, of at least 3.11.0.`,
  );
});

test('peers are given no proxy', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'overlap-peers-'));
  process.env.http_proxy = 'http://127.0.0.1:1';
  try {
    const [python, seen] = [join(scratch, 'python'), join(scratch, 'seen')];
    writeFileSync(python, `#!/bin/sh\nenv >> '${seen}'\necho Python 3.11.2\n`, { mode: 0o755 });
    await find(python);
    const variables = readFileSync(seen, 'utf8');
    assert.match(variables, /^PYTHONDONTWRITEBYTECODE=1$/m);
    assert.doesNotMatch(variables, /^http_proxy=/m);
  } finally {
    delete process.env.http_proxy;
    rmSync(scratch, { recursive: true });
  }
});

test('a peer that does not answer fails after the time limit', { skip }, async () => {
  const { found } = await find();
  const { id, command } = found.find((peer) => peer.id === 'silent')!;
  const { process: silent } = await startPeer(id, command);
  await assert.rejects(silent.run(100), { message: 'silent gave no answer for 0.1 s.' });
  silent.kill();
});

test('a peer that goes wrong is an errored row, and all others, of any runtime, are measured', {
  skip,
}, async () => {
  const entry = await loadExperiment(join(FIXTURES, 'experiments/peering.ts'));
  const asked = { names: [], profile: 'smoke', rounds: undefined, seed: 1 } as const;
  const { environment } = madeUpRecord([]);
  const peers = await find(PYTHON, ['python', 'javascript']);
  const [plan] = await planRun({ catalog: [entry], kinds, request: asked, environment, peers });
  const record = await lastRecord(conduct(plan!, { signal: new AbortController().signal }));
  const errors = Object.fromEntries(record.variants.map(({ id, error }) => [id, error]));
  assert.equal(errors.serial, undefined);
  assert.equal(errors['good serial'], undefined);
  assert.ok('plain serial' in errors && errors['plain serial'] === undefined);
  assert.equal(errors['dying serial'], 'dying ended with exit code 1 (ValueError: out of luck).');
  assert.match(errors['nonsense serial']!, /^nonsense said "I would rather not", which is no answer\.$/);
  assert.equal(record.status, 'errored');
  assert.ok(record.samples.every(({ failure }) => failure === null));

  const summary = summarise([record], () => ({ finding: () => plain('They do.') }));
  const [experiment] = summary.experiments;
  assert.equal(experiment!.reason, record.reason);
  const good = experiment!.rows.find(({ variant }) => variant === 'good serial')!;
  assert.deepEqual([good.peer, good.rounds, good.nearest!.variant], ['good', 3, 'serial']);
  assert.ok(good.nearest!.speedup.value > 0.3 && good.nearest!.speedup.value < 3);
  assert.match(
    terminalTable(experiment!),
    /good serial †[\s\S]*† peer +nearest of ours[\s\S]*skipped: lacking, because/,
  );
  assert.match(markdownSummary(summary), /good serial +\| serial +\|/);
});
