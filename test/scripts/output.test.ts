import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { skipSlow } from '../fixtures/slow.ts';

const ROOT = join(import.meta.dirname, '../..');
const SENTENCE = /^Standard output cannot be written: \w+: [^\n]*, write; redirect it elsewhere\.\n$/;
const scratch = mkdtempSync(join(tmpdir(), 'overlap-output-'));
after(() => rmSync(scratch, { recursive: true }));

/** Runs a command with its output in place of pipes, each by number or as `pipe`. */
function runTo(stdout: number | 'pipe', stderr: number | 'pipe', command: string, ...args: string[]) {
  return spawnSync(process.execPath, [`scripts/${command}.ts`, ...args], {
    cwd: ROOT,
    stdio: ['ignore', stdout, stderr],
    encoding: 'utf8',
  });
}

const FULL = '/dev/full';
const withoutFull = existsSync(FULL) ? false : `there is no ${FULL} here`;

/** What every command has from `runCommand` is seen at these; that of the others takes a start each. */
const ALWAYS = ['bench', 'export'];

for (const [command, ...args] of [
  ['bench', '--list'],
  ['export', 'csv', 'results/reference'],
  ...['bench', 'book', 'charts', 'compare', 'export', 'merge', 'play', 'report', 'serve'].map(
    (command) => [command, '--help'] as const,
  ),
] as const)
  test(`${command} ${args.join(' ')}: a full disk is one sentence and 1`, {
    skip: withoutFull || (!ALWAYS.includes(command) && skipSlow),
  }, () => {
    const full = openSync(FULL, 'w');
    const { status, stderr } = runTo(full, 'pipe', command, ...args);
    closeSync(full);
    assert.match(stderr, SENTENCE);
    assert.equal(status, 1);
  });

test('a server that cannot print its address reports that at once, and serves', {
  skip: withoutFull,
}, async () => {
  const full = openSync(FULL, 'w');
  const child = spawn(process.execPath, ['scripts/serve.ts', '--port', '0'], {
    cwd: ROOT,
    stdio: ['ignore', full, 'pipe'],
  });
  closeSync(full);
  const [text] = await once(child.stderr!.setEncoding('utf8'), 'data');
  assert.match(text, SENTENCE);
  assert.equal(child.exitCode, null);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'close'), [1, null]);
});

test('a file gets all of a long output, or a part and an error where it takes no more', () => {
  const [whole, part] = [join(scratch, 'whole.csv'), join(scratch, 'part.csv')];
  const exportTo = (file: string, limit: string) =>
    spawnSync(
      'sh',
      ['-c', `${limit} exec "$0" scripts/export.ts csv results/reference > "$1"`, process.execPath, file],
      { cwd: ROOT, encoding: 'utf8' },
    );
  assert.equal(exportTo(whole, '').status, 0);
  const text = readFileSync(whole, 'utf8');
  assert.ok(text.length > 65_536 && text.endsWith('\n'));
  // In units of 512 or 1024 bytes, as the shell has it.
  const { status, stderr } = exportTo(part, 'ulimit -f 8 &&');
  assert.match(stderr, SENTENCE);
  assert.equal(status, 1);
  const written = readFileSync(part, 'utf8');
  assert.ok(written.length >= 4096 && text.startsWith(written));
});

for (const [command, ...args] of [
  ['bench', '--list'],
  ['export', 'csv', 'results/reference'],
  ['serve', '--help'],
] as const)
  test(`${command} ${args.join(' ')}: a reader that has left is no error`, async () => {
    const child = spawn(process.execPath, [`scripts/${command}.ts`, ...args], { cwd: ROOT });
    child.stdout.destroy();
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (text) => {
      err += text;
    });
    const [code] = await once(child, 'close');
    assert.deepEqual([code, err], [0, '']);
  });
