import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { main } from '../../scripts/dispatch.ts';
import { callHere } from '../fixtures/command.ts';

const ROOT = join(import.meta.dirname, '../..');

test('without a name it lists the commands with a line each, as --help does', async () => {
  const without = await callHere(main);
  assert.deepEqual([without.code, without.err], [0, '']);
  assert.match(without.out, /^Usage: npx overlap-bench NAME \[options\]\n/);
  assert.match(without.out, /^ {2}bench {2,}measure experiments$/m);
  assert.match(without.out, /\nnpx overlap-bench NAME --help lists the options of a command\.\n$/);
  for (const option of ['--help', '-h']) assert.deepEqual(await callHere(main, option), without);
});

test('every command that it lists has a module, whose help is its own', async () => {
  const { out } = await callHere(main);
  const names = [...out.matchAll(/^ {2}([a-z-]+) {2,}\S/gm)].map(([, name]) => name!);
  assert.ok(names.length > 5);
  for (const name of names) {
    const help = await callHere(main, name, '--help');
    assert.deepEqual([help.code, help.err], [0, ''], name);
    assert.match(help.out, new RegExp(`^Usage: npm run ${name} -- `), name);
  }
});

test('what this repository alone needs is not among its commands', async () => {
  for (const name of ['docs', 'book', 'pack', 'toString']) {
    const { code, out, err } = await callHere(main, name);
    assert.deepEqual([code, out], [1, '']);
    assert.match(
      err,
      new RegExp(`^There is no command "${name}"; there are init, bench, compare, .*\\.\\n$`),
    );
  }
});

test('it hands over the arguments, and the exit code', async () => {
  const listed = await callHere(main, 'bench', '--list');
  assert.equal(listed.code, 0);
  assert.match(listed.out, /^crawl: .*\?$/m);
  assert.equal((await callHere(main, 'compare', 'no-such-folder', 'nor-this')).code, 2);
});

test('the program prints its version, and ends with the exit code', () => {
  const call = (...args: string[]) =>
    spawnSync(process.execPath, ['scripts/overlap-bench.js', ...args], { cwd: ROOT, encoding: 'utf8' });
  const version = call('--version');
  assert.deepEqual([version.status, version.stderr], [0, '']);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  const unknown = call('nosuch');
  assert.deepEqual([unknown.status, unknown.stdout], [1, '']);
});
