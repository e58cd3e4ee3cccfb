import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readRecords, writeRecord } from '../../harness/record/record-files.ts';
import type { RunRecord } from '../../harness/record/schema.ts';
import type { Summary } from '../../harness/report/summary.ts';
import { main as bench } from '../../scripts/bench.ts';
import { main as merge } from '../../scripts/merge.ts';
import { callHere, start } from '../fixtures/command.ts';
import { skipSlow } from '../fixtures/slow.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-plans-'));
after(() => rmSync(scratch, { recursive: true }));

const file = join(scratch, 'plan.json');
const parts = join(scratch, 'parts');
/** Two experiments that need a second each. */
const PLANNED = ['crawl', 'yielding'];

before(async () => {
  const options = ['--profile', 'smoke', '--seed', '5', '--write-plan', file, '--shards', '2'];
  const { code, out, err } = await callHere(bench, ...PLANNED, ...options);
  assert.equal(code, 0, err);
  assert.match(out, /deals 2 experiments out to 2 parts; the longest takes about \d+ s\.\n$/);
});

/** The plan with changes, in a file of its own. */
function changedPlan(name: string, change: (plan: Record<string, unknown>) => object): string {
  const changed = join(scratch, `${name}.json`);
  writeFileSync(changed, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))));
  return changed;
}

test('parts that run alone are joined, with the plan and the rows of a run on one machine', {
  skip: skipSlow,
}, async () => {
  const env = (id: string) => ({ SLURM_ARRAY_TASK_ID: id, SLURM_ARRAY_TASK_MIN: id });
  const runPart = async (id: string) => {
    const args = ['--plan', file, '--shard', 'auto', '--resume', '--out', parts];
    const { code, out, err } = await start('bench', args, undefined, env(id)).ended;
    assert.equal(code, 0, out + err);
  };
  await runPart('1');
  const merged = join(scratch, 'merged');
  const early = await callHere(merge, join(parts, 'shard-1'), join(parts, 'shard-2'), '--out', merged);
  assert.equal(early.code, 1);
  const [first] = readRecords(join(parts, 'shard-1'));
  const missing = PLANNED.find((id) => id !== first!.experiment.id)!;
  assert.match(
    early.err,
    new RegExp(
      `Part 2 of 2 left no record of ${missing}\\.\nTo complete the run, submit the array again with --array=2, `,
    ),
  );
  const { experiments }: Summary = JSON.parse(readFileSync(join(merged, 'summary.json'), 'utf8'));
  const lost = experiments.find(({ id }) => id === missing)!;
  assert.equal(lost.status, 'errored');
  assert.ok(lost.erroredRows.length > 1);

  await runPart('2');
  const { code, err } = await callHere(
    merge,
    ...['1', '2'].map((id) => join(parts, `shard-${id}`)),
    '--out',
    merged,
  );
  assert.equal(code, 0, err);
  const whole = join(scratch, 'whole');
  const alone = await start('bench', ['--plan', file, '--out', whole]).ended;
  assert.equal(alone.code, 0, alone.err);
  const identities = (records: readonly RunRecord[]) =>
    records.map(({ experiment, seed, plan, variants }) => ({
      id: experiment.id,
      seed,
      hash: plan?.hash,
      rows: variants.map(({ id, group }) => ({ id, group })),
    }));
  assert.deepEqual(identities(readRecords(merged)), identities(readRecords(whole)));
  for (const { samples } of readRecords(merged))
    for (const { failure } of samples) assert.equal(failure, null);
});

/** The records of a part, as they were before its last rounds. */
function part(name: string, change: (record: RunRecord) => RunRecord): string {
  const directory = join(scratch, name);
  mkdirSync(directory);
  for (const record of readRecords(join(parts, 'shard-1'))) writeRecord(directory, change(record));
  return directory;
}

test('a part that was killed goes on with its rounds, and merge names it until then', {
  skip: skipSlow,
}, async () => {
  const again = join(scratch, 'again');
  mkdirSync(again);
  const killed = part('again/shard-1', (record) => ({
    ...record,
    status: 'running',
    samples: record.samples.filter(({ warmUp, round }) => warmUp || round === 1),
  }));
  const [before] = readRecords(killed);
  const early = await callHere(merge, killed, join(parts, 'shard-2'), '--out', join(scratch, 'early'));
  assert.equal(early.code, 1);
  assert.match(early.err, /Part 1 of 2 has not finished \S+\.\n.*--array=1, /);

  const { code, err } = await start('bench', ['--plan', file, '--shard', '1/2', '--resume', '--out', again])
    .ended;
  assert.equal(code, 0, err);
  const [resumed] = readRecords(killed);
  assert.equal(resumed!.status, 'ok');
  assert.deepEqual(resumed!.samples.slice(0, before!.samples.length), before!.samples);

  const other = changedPlan('seed', (plan) => ({ ...plan, seed: 6 }));
  const refused = await callHere(bench, '--plan', other, '--shard', '1/2', '--resume', '--out', again);
  assert.match(
    refused.err,
    /has \S+ of another plan or part; choose another --out, or leave --resume out\.\n$/,
  );
});

test('where a run ended before an experiment had a record, that experiment begins, and the others stay', {
  skip: skipSlow,
}, async () => {
  const whole = join(scratch, 'whole');
  const [crawl] = readRecords(whole);
  rmSync(join(whole, 'yielding.json'));
  const { code, err } = await start('bench', ['--plan', file, '--resume', '--out', whole]).ended;
  assert.equal(code, 0, err);
  const [same, begun] = readRecords(whole);
  assert.deepEqual(same, crawl);
  assert.deepEqual([begun?.experiment.id, begun?.status], ['yielding', 'ok']);
});

test('parts of another plan are refused, and so is a folder that another merge writes to', {
  skip: skipSlow,
}, async () => {
  const other = part('other', (record) => ({ ...record, plan: { ...record.plan!, hash: 'f'.repeat(64) } }));
  const out = join(scratch, 'refused');
  const { code, err } = await callHere(merge, other, join(parts, 'shard-2'), '--out', out);
  assert.equal(code, 1);
  assert.match(err, / ran by plan \w{9} and \w+ by plan f{9}, so these are not shards of one run\.\n$/);
  assert.equal(existsSync(out), false);

  mkdirSync(out);
  const both = ['1', '2'].map((id) => join(parts, `shard-${id}`));
  writeFileSync(join(out, '.merging'), `${process.pid} ${hostname()}`);
  const taken = await callHere(merge, ...both, '--out', out);
  assert.equal(taken.code, 1);
  assert.match(
    taken.err,
    /^Process \d+ on \S+ merges into .*; wait for it, or remove .*\.merging if it is gone\.\n$/,
  );
  assert.deepEqual(readdirSync(out), ['.merging']);
  // Of a process that was killed.
  writeFileSync(join(out, '.merging'), `${2 ** 30} ${hostname()}`);
  assert.equal((await callHere(merge, ...both, '--out', out)).code, 0);
});

test('a plan of another version, release, checkout or work is refused, and nothing is written', async () => {
  const out = join(scratch, 'nothing');
  for (const [plan, message] of [
    [
      changedPlan('version', (plan) => ({ ...plan, planVersion: 9 })),
      /is a plan of version 9, and this Overlap reads version 1\.\n$/,
    ],
    [
      changedPlan('release', (plan) => ({ ...plan, overlap: '9.9.9' })),
      /was written by Overlap 9\.9\.9, and this is .*; write the plan again\.\n$/,
    ],
    [
      changedPlan('commit', (plan) => ({ ...plan, commit: 'a'.repeat(40) })),
      /was written at commit a{9}, and this checkout is at .*\n$/,
    ],
    [changedPlan('shards', (plan) => ({ ...plan, shards: [] })), /is not a plan: \/shards /],
    [
      changedPlan('work', (plan) => ({
        ...plan,
        shards: [[{ experiment: 'crawl', estimateMs: 1, work: 'x' }]],
      })),
      /^crawl has other rows or settings than the plan says; write the plan again\.\n$/,
    ],
    [join(scratch, 'none.json'), /^The plan .* cannot be read: /],
  ] as const) {
    const { code, err } = await callHere(bench, '--plan', plan, '--out', out);
    assert.equal(code, 1);
    assert.match(err, message);
    assert.equal(existsSync(out), false);
  }
});

test('options that contradict a plan are refused', async () => {
  for (const [args, message] of [
    [['crawl', '--plan', file], /^The plan names its experiments; leave crawl out\.\n$/],
    [
      ['--plan', file, '--seed', '6'],
      /^--seed contradicts the plan; leave it out, or write another plan\.\n$/,
    ],
    [
      ['--plan', file, '--shard', '3/4'],
      /^--shard 3\/4 does not fit the plan, which has 2 parts; run 2 of them\.\n$/,
    ],
    [['--plan', file, '--shard', 'auto'], /^--shard auto found no engine: /],
    [['--shard', 'auto'], /^--shard auto found no engine: /],
    [['--shards', '2'], /^--shards needs --write-plan\.\n$/],
    [
      ['--write-plan', join(scratch, 'x.json'), '--shard', '1/2'],
      /^--write-plan measures nothing; give --shard when the plan runs\.\n$/,
    ],
    [
      ['crawl', '--write-plan', join(scratch, 'x.json'), '--shards', '2'],
      /^--shards 2 is more than the 1 experiments; each part has at least one\.\n$/,
    ],
  ] as const) {
    const { code, err } = await callHere(bench, ...args, '--out', join(scratch, 'nothing'));
    assert.equal(code, 1);
    assert.match(err, message);
  }
  assert.deepEqual(existsSync(join(scratch, 'x.json')), false);
});
