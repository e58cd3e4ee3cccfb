import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { conduct } from '../../../../harness/measure/conduct/conduct.ts';
import { lastRecord } from '../../../../harness/measure/conduct/events.ts';
import { loadExperiment } from '../../../../harness/measure/plan/catalog.ts';
import { planRun } from '../../../../harness/measure/plan/plan.ts';
import { findPeers } from '../../../../harness/measure/process/peers.ts';
import { kinds } from '../../../fixtures/kinds.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';

const ROOT = join(import.meta.dirname, '../../../..');
const PLAIN = join(ROOT, 'test/fixtures/peers/javascript/plain.js');
const scratch = mkdtempSync(join(tmpdir(), 'overlap-fresh-'));
after(() => rmSync(scratch, { recursive: true }));

/** A runtime whose peers write a line when they start, and one of which goes wrong. */
const MANIFEST = `
import { appendFileSync } from 'node:fs';
export default {
  program: ${JSON.stringify(process.execPath)},
  find: () => [{ id: 'plain', file: ${JSON.stringify(PLAIN)} }, { id: 'killed', file: ${JSON.stringify(join(scratch, 'killed.mjs'))} }],
  start: ({ program, file }) => ({ command: program, args: ['--import', ${JSON.stringify(join(scratch, 'count.mjs'))}, file] }),
};`;

test('a fresh peer has a process for each sample, and metrics of that process; one that is killed loses its row alone', async () => {
  const starts = join(scratch, 'starts');
  writeFileSync(join(scratch, 'runtime.js'), MANIFEST);
  writeFileSync(join(scratch, 'package.json'), '{"type": "module"}');
  writeFileSync(
    join(scratch, 'count.mjs'),
    `import { appendFileSync } from 'node:fs'; appendFileSync(${JSON.stringify(starts)}, process.argv[1] + '\\n');`,
  );
  // It dies in the middle of a batch.
  writeFileSync(
    join(scratch, 'killed.mjs'),
    `process.stdin.on('data', (text) => {
      if (String(text).includes('"open"')) console.log('{"opened": true}');
      else process.kill(process.pid, 'SIGKILL');
    });
    console.log('{"ready": true, "strategies": {"crawl": ["semaphore"]}}');`,
  );
  const entry = await loadExperiment(join(ROOT, 'benchmarks/runtimes.ts'));
  const request = { names: ['runtimes'], profile: 'smoke', rounds: undefined, seed: 1 } as const;
  const { environment } = madeUpRecord([]);
  const peers = await findPeers({ folders: [scratch], cache: join(scratch, 'cache') });
  writeFileSync(starts, '');
  const [plan] = await planRun({ catalog: [entry], kinds, request, environment, peers });
  const record = await lastRecord(conduct(plan!, { signal: new AbortController().signal }));

  const errors = record.variants.map(({ id, error }) => `${id}: ${error}`);
  assert.deepEqual(
    new Set(errors),
    new Set(['own undici: undefined', 'plain: undefined', 'killed: killed was killed by SIGKILL.']),
  );
  const samples = record.samples.filter(({ variant }) => record.variants[variant]!.id === 'plain');
  assert.equal(samples.length, 4);
  assert.ok(record.samples.every(({ failure }) => failure === null));
  const started = readFileSync(starts, 'utf8')
    .split('\n')
    .filter((line) => line === PLAIN);
  assert.equal(started.length, samples.length);
  for (const { metrics } of samples) {
    assert.ok(metrics.startMs! > 0);
    if (process.platform === 'linux') assert.ok(metrics.peakMemoryBytes! > 2 ** 20);
  }
});
