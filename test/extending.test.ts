import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { skipSlow } from './fixtures/slow.ts';

const ROOT = join(import.meta.dirname, '..');
const FIXTURES = join(import.meta.dirname, 'fixtures');
const skip = skipSlow;
const copy = mkdtempSync(join(tmpdir(), 'overlap-extended-'));
after(() => rmSync(copy, { recursive: true }));

/** What of the fixtures comes into the copy, and where. */
const NEW = [
  [join(FIXTURES, 'extending'), '.'],
  [join(FIXTURES, 'targets/lines'), 'server/lines'],
  [join(FIXTURES, 'peers/shell'), 'benchmarks/peers/shell'],
] as const;

function run(command: string, ...args: string[]): string {
  // A runner of tests within another would run none.
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(command, args, { cwd: copy, env, encoding: 'utf8' });
  assert.equal(status, 0, `${command} ${args.join(' ')}: ${stdout}${stderr}`);
  return stdout;
}

const node = (...args: string[]) => run(process.execPath, ...args);

/** Lets a fixture name the root from where it stands now. */
function reroot(file: string, from: string, to: string): void {
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll(from, to));
}

before(() => {
  if (skip !== false) return;
  const tracked = spawnSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' }).stdout.split('\0');
  for (const file of tracked.filter((path) => path !== '' && existsSync(join(ROOT, path))))
    cpSync(join(ROOT, file), join(copy, file));
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
  for (const [from, to] of NEW) cpSync(from, join(copy, to), { recursive: true });
  for (const file of ['server/lines/kind.ts', 'server/lines/main.ts', 'server/lines/witness.ts'])
    reroot(join(copy, file), '../../../../', '../../');
  reroot(join(copy, 'benchmarks/peers/shell/runtime.ts'), '../../../../', '../../../');
  const lines = readFileSync(join(FIXTURES, 'experiments/lines.ts'), 'utf8');
  // In benchmarks/ it stands beside what it imports.
  const moved = lines.replaceAll('../../../benchmarks/', './').replaceAll('../../../harness/', '../harness/');
  writeFileSync(join(copy, 'benchmarks/lines.ts'), moved);
  run('git', 'init', '--quiet');
  // Imports stand in another order where the paths are others.
  run('node_modules/.bin/biome', 'check', '--write', 'benchmarks/lines.ts');
});

test('lint and types hold with a new one of each kind', { skip, timeout: 300_000 }, () => {
  run('node_modules/.bin/biome', 'ci', '--colors=off', '.');
  for (const project of ['.', 'harness/report/page/browser', 'test/browser', 'play/page'])
    run('node_modules/.bin/tsc', '--project', project);
});

test("the catalog's tests hold with a new one of each kind", { skip, timeout: 600_000 }, () => {
  const tests = [
    'benchmarks/*.test.ts',
    'benchmarks/strategies/*.test.ts',
    'boundaries.test.ts',
    'readme.test.ts',
  ];
  const said = node('--test', '--test-concurrency=1', ...tests.map((path) => `test/${path}`));
  assert.match(said, /greetings/, 'the new experiment is among them');
});

test('a new one of each kind is measured and reported', { skip, timeout: 600_000 }, () => {
  const out = join(copy, 'out');
  const listed = node('scripts/bench.ts', '--list');
  assert.match(listed, /^greetings: Can two greetings be sent at once\?$/m);
  node(
    'scripts/bench.ts',
    'greetings',
    'lines',
    'clients',
    'limiters',
    '--profile',
    'smoke',
    '--peers',
    'auto',
    '--out',
    out,
  );
  const summary = JSON.parse(readFileSync(join(out, 'summary.json'), 'utf8'));
  const rowsOf = (id: string): string[] =>
    summary.experiments
      .find((experiment: { id: string }) => experiment.id === id)
      .rows.map(({ variant }: { variant: string }) => variant);
  assert.deepEqual(rowsOf('greetings').slice(0, 2), ['serial', 'pairs']);
  assert.ok(rowsOf('greetings').includes('crawler serial'), 'the peer in shell has its row');
  assert.deepEqual(rowsOf('lines'), ['serial', 'promise-all']);
  assert.ok(rowsOf('clients').includes('by hand'), 'the HTTP client has its row');
  assert.ok(rowsOf('limiters').includes('turns'), 'the limiter has its row');
  assert.ok(existsSync(join(out, 'charts/greetings.png')), 'the new kind of chart is drawn');
  const page = readFileSync(join(out, 'report.html'), 'utf8');
  assert.match(page, /The higher a dot, the more of it\./);
  assert.match(node('scripts/export.ts', 'names', out), /^greetings pairs$/m);
  assert.match(node('scripts/charts.ts', out), /greetings\.png/);
});
