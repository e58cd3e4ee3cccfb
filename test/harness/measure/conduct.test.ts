import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadExperiment } from '../../../harness/measure/catalog.ts';
import { conduct } from '../../../harness/measure/conduct.ts';
import { planRun } from '../../../harness/measure/plan.ts';
import type { RunRecord } from '../../../harness/record.ts';
import { madeUpRecord } from '../../fixtures/record.ts';

const EXPERIMENTS = join(import.meta.dirname, '../../fixtures/experiments');
const { environment } = madeUpRecord([]);
const nobody = { progressed() {}, roundFinished() {} };
const asked = { names: [], profile: 'smoke', rounds: undefined, seed: 1 } as const;

async function planned(name: string, earlier?: readonly RunRecord[]) {
  const entry = await loadExperiment(join(EXPERIMENTS, `${name}.ts`));
  const [plan] = planRun([entry], asked, environment, earlier);
  return plan!;
}

test('a variant that breaks its own limit fails the run; its sample is kept, and the run is not resumed', async () => {
  const plan = await planned('lying');
  const ended = await conduct(plan, nobody, new AbortController().signal);
  assert.equal(ended.status, 'errored');
  assert.match(
    ended.reason!,
    /^lying, liar, round 1: the target saw 5 requests in flight, and the limit is 1\.$/,
  );
  assert.equal(ended.samples.filter(({ failure }) => failure !== null).length, 1);
  await assert.rejects(planned('lying', [ended]), /cannot be resumed, because a check failed: lying, liar/);
});

test('a job that fails ends the run with its sample and what the target said', async () => {
  const plan = await planned('failing');
  await assert.rejects(conduct(plan, nobody, new AbortController().signal), {
    message: /^failing\/refused\/1(\/twin)?: The target answered 400 to GET .*"ms must be <= 600000\./,
  });
});

test('a run that is stopped before it starts does nothing', async () => {
  const plan = await planned('lying');
  await assert.rejects(conduct(plan, nobody, AbortSignal.abort(new Error('stopped'))), {
    message: 'stopped',
  });
});
