import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { distrustOf } from '../../../../harness/findings/control.ts';
import {
  describeEnvironment,
  nodeFrom,
  undiciWarnings,
} from '../../../../harness/measure/process/environment.ts';
import type { Warning } from '../../../../harness/model/row.ts';
import { differences, distrust } from '../../../../harness/report/comparison/comparability.ts';
import { summarise } from '../../../../harness/report/summary.ts';
import { project } from '../../../fixtures/project.ts';
import { madeUpRecord, TENFOLD } from '../../../fixtures/record.ts';
import { wholeRun } from '../../../fixtures/whole-record.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-environment-'));
after(() => rmSync(scratch, { recursive: true }));

/** `slow` reuses connections late, `stalled` may not for half a second; each range by its edges. */
const RELEASES = {
  slow: ['6.27.0', '6.28.0', '7.28.0', '7.28.5', '7.29.0', '8.5.0', '8.7.9', '8.10.0'],
  stalled: ['8.8.0', '8.9.0', '8.9.9'],
  good: ['6.26.9', '6.28.1', '7.27.9', '7.29.1', '8.4.9', '8.10.1', '8.12.4', '9.0.0', 'none'],
};
const SAYS = {
  slow: /^undici \S+ waits over 1 ms before it reuses a connection, which inflates every speedup\.$/,
  stalled: /^undici \S+ can stall before it reuses a connection, which inflates speedups\.$/,
};

for (const kind of ['slow', 'stalled'] as const)
  for (const version of RELEASES[kind])
    test(`undici ${version} is ${kind}, and the warning names it and what to do`, () => {
      const [warning, ...others] = undiciWarnings(version);
      assert.match(warning!.what, SAYS[kind]);
      assert.ok(warning!.what.includes(` ${version} `));
      assert.equal(warning!.remedy, 'Install another release, as package.json pins it.');
      assert.deepEqual(others, []);
    });

test('releases of undici beside the edges are good', () => {
  for (const version of RELEASES.good) assert.deepEqual(undiciWarnings(version), [], version);
});

test('the record says whether the Node is the locked one, or the own one of a machine', async () => {
  // Tests run with the Node of this project, which its other projects use, too.
  assert.equal((await describeEnvironment(project)).nodeFrom, 'lock');
  assert.equal(nodeFrom(scratch), 'lock');
  const machine = join(scratch, 'node');
  writeFileSync(machine, '');
  assert.equal(nodeFrom(scratch, machine), 'machine');
  const locking = join(scratch, 'locking');
  const locked = join(locking, 'node_modules/node');
  mkdirSync(join(locked, 'bin'), { recursive: true });
  writeFileSync(join(locked, 'package.json'), '{ "name": "node", "version": "26.0.0" }');
  writeFileSync(join(locked, 'bin/node'), '');
  // npm starts it by a link.
  symlinkSync(join(locked, 'bin/node'), join(locking, 'node'));
  assert.equal(nodeFrom(locking, join(locking, 'node')), 'lock');
  assert.equal(nodeFrom(join(locking, 'packages/one'), join(locking, 'node')), 'lock');
  assert.equal(nodeFrom(scratch, join(locking, 'node')), 'machine');
});

test('the release of undici that this project pins is good', async () => {
  const { undici } = await describeEnvironment(project);
  assert.match(undici.installed, /^\d+\.\d+\.\d+$/);
  assert.deepEqual(undiciWarnings(undici.installed), []);
});

/** A run that is as wrong as it can be. */
async function everyWarning(): Promise<Warning[]> {
  const [whole, other] = wholeRun();
  const shifted = madeUpRecord(TENFOLD, { twinTimes: TENFOLD.map(([ms]) => ms * 1.2) });
  const lossy = madeUpRecord(TENFOLD);
  const lost = {
    ...lossy,
    samples: lossy.samples.map((sample) => ({ ...sample, metrics: { failedJobs: 3 } })),
  };
  const errored = madeUpRecord(TENFOLD);
  errored.variants[1]!.error = 'It died.';
  const failing = () => {
    throw new Error('No luck');
  };
  const records = [whole!, other!, shifted, lost, errored];
  const summary = summarise(records, () => ({ finding: failing, charts: [] }));
  const moved = { ...shifted, environment: { ...shifted.environment, node: '22.19.0' } };
  // No git and no package.json.
  const bare = await describeEnvironment({ root: scratch, results: join(scratch, 'results') });
  return [
    ...summary.warnings,
    ...summary.experiments.flatMap(({ rows }) => rows.flatMap(({ warnings }) => warnings)),
    ...differences([{ before: shifted, after: moved }], false),
    ...differences([{ before: shifted, after: moved }], true),
    ...distrust([shifted], [shifted]),
    ...[distrustOf({ value: 2, low: 1.9, high: 2.1 })!],
    ...undiciWarnings('8.8.0'),
    ...undiciWarnings('8.10.0'),
    ...bare.warnings,
  ];
}

test('each warning says what is wrong and what to do about it, in sentences of at most 25 words', async () => {
  const warnings = await everyWarning();
  const whats = warnings.map(({ what }) => what).join('\n');
  for (const told of [
    /not to be trusted/,
    /could not be made/,
    /bound by the client's CPU/,
    /far from the others/,
    /3 of 10 jobs failed/,
    /^It errored: It died\.$/m,
    /differ in Node/,
    /names no commit/,
  ])
    assert.match(whats, told);
  for (const { what, remedy } of warnings)
    for (const text of [what, remedy]) {
      assert.match(text, /^[\w"].*[^.]\.$/s, `${what} | ${remedy}`);
      for (const sentence of text.split(/(?<=\.) (?=[A-Z])/))
        assert.ok(sentence.split(' ').length <= 25, sentence);
    }
});
