import assert from 'node:assert/strict';
import { type SpawnOptions, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { childrenOf, isAlive, until } from '../fixtures/processes.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Several times as long as it takes to see that npm is gone. */
const LONG_ENOUGH_MS = 2000;

const lacks = (program: string) =>
  spawnSync(program, ['--version']).error === undefined ? false : `there is no ${program} here`;

/** Starts something that runs a server, and waits until it says where; whatever is left of it is killed at the end. */
async function startServing(context: TestContext, command: readonly string[], options: SpawnOptions = {}) {
  const [program, ...args] = command;
  const child = spawn(program!, args, { cwd: ROOT, ...options, stdio: ['pipe', 'pipe', 'inherit'] });
  const descendants = (pid: number): number[] =>
    childrenOf(pid).flatMap((it) => [it.pid, ...descendants(it.pid)]);
  let out = '';
  let ids: number[] = [];
  context.after(() => {
    for (const id of ids) if (isAlive(id)) process.kill(id, 'SIGKILL');
  });
  child.stdout!.setEncoding('utf8').on('data', (text) => {
    out += text;
  });
  await until('its address', () => /http:\S+/.test(out), 60_000);
  ids = [child.pid!, ...descendants(child.pid!)];
  const [origin] = /http:[^;\s]+/.exec(out)!;
  const serves = () =>
    fetch(origin).then(
      (it) => it.ok,
      () => false,
    );
  assert.ok(await serves());
  return { child, out, serves };
}

async function untilGone(serves: () => Promise<boolean>): Promise<void> {
  for (let look = 0; await serves(); look++) {
    assert.ok(look < 200, 'it still serves');
    await wait(50);
  }
}

const npmRun = (script: string) => ['npm', 'run', '-s', script, '--', '--port', '0'];
const withoutNpm = lacks('npm');

/** A shell that starts something in the background, tells its id, and goes when its input ends. */
const inBackground = (command: readonly string[]) => [
  'sh',
  '-c',
  '"$@" & echo $!; read line',
  'sh',
  ...command,
];
const NODE = [process.execPath, '--import', './scripts/require-node.js', 'scripts/serve.ts', '--port', '0'];

// They wait most of the time.
describe('a command that npm started', { concurrency: 3 }, () => {
  for (const script of ['serve', 'play'])
    for (const signal of ['SIGTERM', 'SIGKILL'] as const)
      test(`npm run ${script} ends with npm, by ${signal}`, { skip: withoutNpm }, async (context) => {
        const { child, serves } = await startServing(context, npmRun(script));
        child.kill(signal);
        await untilGone(serves);
      });

  test('also where the shell makes way for the command', {
    skip: withoutNpm || lacks('bash'),
  }, async (context) => {
    const env = { ...process.env, npm_config_script_shell: 'bash' };
    const { child, serves } = await startServing(context, npmRun('serve'), { env });
    child.kill('SIGKILL');
    await untilGone(serves);
  });

  test('also where npx started it, as in a project that installed the package', {
    skip: lacks('npx'),
  }, async (context) => {
    const project = mkdtempSync(join(tmpdir(), 'overlap-npx-'));
    context.after(() => rmSync(project, { recursive: true }));
    mkdirSync(join(project, 'node_modules/.bin'), { recursive: true });
    writeFileSync(join(project, 'package.json'), '{}');
    symlinkSync(join(ROOT, 'scripts/overlap-bench.js'), join(project, 'node_modules/.bin/overlap-bench'));
    const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` };
    const started = ['npx', '--no', 'overlap-bench', 'serve', '--port', '0'];
    const { child, serves } = await startServing(context, started, { cwd: project, env });
    child.kill('SIGKILL');
    await untilGone(serves);
  });

  test('it goes on when only what started npm ends', { skip: withoutNpm }, async (context) => {
    const { child, out, serves } = await startServing(context, inBackground(npmRun('serve')));
    child.stdin!.end();
    await wait(LONG_ENOUGH_MS);
    assert.ok(await serves());
    process.kill(Number.parseInt(out, 10), 'SIGKILL');
    await untilGone(serves);
  });

  for (const [how, script] of [
    ['by hand', undefined],
    ['by a script of npm that is not its own', 'node --test'],
  ] as const)
    test(`started ${how}, it outlives its parent`, async (context) => {
      const { npm_lifecycle_script, ...env } = process.env;
      const given = script === undefined ? env : { ...env, npm_lifecycle_script: script };
      const { child, serves } = await startServing(context, inBackground(NODE), { env: given });
      child.stdin!.end();
      await wait(LONG_ENOUGH_MS);
      assert.ok(await serves());
    });

  test('started by its own script, it does not', async (context) => {
    const env = { ...process.env, npm_lifecycle_script: 'node scripts/serve.ts' };
    const { child, serves } = await startServing(context, inBackground(NODE), { env });
    child.stdin!.end();
    await untilGone(serves);
  });
});
