import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { runPlans } from '../../../../harness/measure/conduct/run-plans.ts';
import { loadExperiment } from '../../../../harness/measure/plan/catalog.ts';
import { planRun } from '../../../../harness/measure/plan/plan.ts';
import type { RemoteTarget } from '../../../../harness/measure/process/remote.ts';
import { startTarget } from '../../../../harness/measure/process/target.ts';
import type { TargetOptions } from '../../../../harness/model/target.ts';
import { readRecord } from '../../../../harness/record/record-files.ts';
import latency from '../../../../server/latency/kind.ts';
import { kinds } from '../../../fixtures/kinds.ts';
import { madeUpRecord } from '../../../fixtures/record.ts';

const out = mkdtempSync(join(tmpdir(), 'overlap-capacity-'));
after(() => rmSync(out, { recursive: true }));
const together = await loadExperiment(join(import.meta.dirname, '../../../fixtures/experiments/together.ts'));

/** The samples of ten requests of 5 ms that are all sent at once. */
async function samplesOf(server: TargetOptions, remote?: RemoteTarget) {
  const entry = { ...together, experiment: { ...together.experiment, targets: () => ({ server }) } };
  const request = { names: [], profile: 'smoke', rounds: undefined, seed: 1, remote } as const;
  const { environment } = madeUpRecord([]);
  const plans = await planRun({ catalog: [entry], kinds, request, environment });
  await runPlans(plans, out, { progressed() {} }, new AbortController().signal);
  const { samples, status, reason } = readRecord(join(out, 'together.json'));
  assert.deepEqual([status, reason, samples.length], ['ok', null, 4]);
  return samples;
}

/** Ten requests of which this many are served at once need at least this time. */
function boundOf({ hold }: Awaited<ReturnType<typeof samplesOf>>[number], atOnce: number): number {
  const { shortestMs, longestMs, totalMs } = hold;
  return Math.max(longestMs, Math.ceil(10 / atOnce) * shortestMs, totalMs / atOnce);
}

test('a bound takes no more requests at once than the target serves, and a hold leaves out its queue', async () => {
  for (const sample of await samplesOf({ capacity: 2 })) {
    assert.equal(sample.boundMs, boundOf(sample, 2));
    assert.ok(sample.boundMs >= 25, `${sample.boundMs} ms`);
    assert.equal(sample.target.peakInFlight, 10);
    // With its queue the last request was there for five holds.
    assert.ok(sample.hold.totalMs <= 2 * sample.wallMs);
  }
  for (const sample of await samplesOf({})) assert.equal(sample.boundMs, boundOf(sample, 10));
});

test('a server given by --target has the capacity that it says', async () => {
  const target = await startTarget(latency, { capacity: 2 });
  try {
    const remote = { kind: 'latency', origin: target.address.origin, version: '1.0.0' };
    for (const sample of await samplesOf({}, { ...remote, settings: { capacity: 2 } }))
      assert.equal(sample.boundMs, boundOf(sample, 2));
  } finally {
    await target.end();
  }
});
