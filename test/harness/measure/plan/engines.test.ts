import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkShard, runAgain, shardOfEngine } from '../../../../harness/measure/plan/engines.ts';

const SLURM = { SLURM_ARRAY_TASK_ID: '3', SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_MAX: '8' };

test('each engine tells the part as it counts: from 0 or from 1', () => {
  for (const [variables, engine, number, of] of [
    [{ ...SLURM, SLURM_ARRAY_TASK_COUNT: '8' }, 'slurm', 3, 8],
    [{ JOB_COMPLETION_INDEX: '0' }, 'kubernetes', 1, undefined],
    [{ CI_NODE_INDEX: '1', CI_NODE_TOTAL: '4' }, 'gitlab', 1, 4],
    [{ BUILDKITE_PARALLEL_JOB: '3', BUILDKITE_PARALLEL_JOB_COUNT: '4' }, 'buildkite', 4, 4],
    [{ CIRCLE_NODE_INDEX: '0', CIRCLE_NODE_TOTAL: '4' }, 'circleci', 1, 4],
    [{ AWS_BATCH_JOB_ARRAY_INDEX: '9', AWS_BATCH_JOB_ARRAY_SIZE: '10' }, 'aws-batch', 10, 10],
    [{ CLOUD_RUN_TASK_INDEX: '2', CLOUD_RUN_TASK_COUNT: '3' }, 'cloud-run', 3, 3],
  ] as const)
    assert.deepEqual(shardOfEngine(variables), { engine, number, of });
});

test('a part of a Slurm array tells no total', () => {
  const again = { ...SLURM, SLURM_ARRAY_TASK_MIN: '3', SLURM_ARRAY_TASK_COUNT: '2' };
  assert.deepEqual(shardOfEngine(again), { engine: 'slurm', number: 3, of: undefined });
});

test('outside of an engine, within two, and with variables that make no sense, auto is refused', () => {
  for (const [variables, message] of [
    [
      {},
      /^--shard auto found no engine: none of SLURM_ARRAY_TASK_ID, .* is set; give the part, as --shard 1\/4\.$/,
    ],
    [{ JOB_COMPLETION_INDEX: '' }, /found no engine/],
    [{ ...SLURM, CI_NODE_INDEX: '1' }, /found both Slurm and GitLab/],
    [{ ...SLURM, SLURM_ARRAY_TASK_MIN: '0' }, /submit the array with --array=1-N/],
    [{ JOB_COMPLETION_INDEX: 'x' }, /JOB_COMPLETION_INDEX must be a whole number, and is "x"/],
    [{ CI_NODE_INDEX: '1' }, /CI_NODE_TOTAL must be a whole number, and is ""/],
    [{ CI_NODE_INDEX: '0', CI_NODE_TOTAL: '4' }, /CI_NODE_INDEX is 0, which GitLab cannot mean/],
    [{ CLOUD_RUN_TASK_INDEX: '3', CLOUD_RUN_TASK_COUNT: '3' }, /cannot mean as one of 3 parts/],
  ] as const)
    assert.throws(() => shardOfEngine(variables), { message });
});

test('a part must be one of the plan, and the engine must run as many', () => {
  checkShard({ number: 3, of: 8 }, 8);
  checkShard({ engine: 'kubernetes', number: 8 }, 8);
  // An array of three tasks runs parts again.
  checkShard({ engine: 'slurm', number: 3, of: 3 }, 8);
  assert.throws(() => checkShard({ number: 3, of: 4 }, 8), {
    message: '--shard 3/4 does not fit the plan, which has 8 parts; run 8 of them.',
  });
  assert.throws(() => checkShard({ engine: 'kubernetes', number: 9 }, 8), /Kubernetes's part 9 does not fit/);
  assert.throws(() => checkShard({ engine: 'gitlab', number: 1, of: 4 }, 8), /GitLab's part 1 does not fit/);
});

test('what is missing is told in the words of the engine, which counts from 0 or from 1', () => {
  assert.match(runAgain('slurm', [3, 7], 8), /--array=3,7$/);
  assert.match(runAgain('kubernetes', [3, 7], 8), / 2,6 /);
  assert.equal(runAgain(undefined, [3, 7], 8), 'run --shard 3/8 and --shard 7/8 again');
});
