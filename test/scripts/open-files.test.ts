import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'overlap-open-files-'));
after(() => rmSync(scratch, { recursive: true }));

/** A command under a limit of open files, which a process cannot lower for itself. */
const limited = (files: number, script: string, ...args: string[]) =>
  [
    'sh',
    ['-c', `ulimit -n ${files} && exec "$0" "$@"`, process.execPath, `scripts/${script}.ts`, ...args],
    { cwd: ROOT, encoding: 'utf8' },
  ] as const;
const sentence = (who: string, connections: number) =>
  `The open-file limit is 64, so at most about 14 connections can be open at once, and ${who} needs ${connections}; ` +
  `ulimit -n ${connections + 50} before the start raises it (as root, above the hard limit).`;

test('bench is refused before anything starts, with the experiment that needs most', () => {
  const out = join(scratch, 'refused');
  const options = ['--profile', 'smoke', '--peers', 'off', '--out', out];
  const { status, stderr } = spawnSync(...limited(64, 'bench', 'connections', 'crawl', ...options));
  assert.deepEqual([status, stderr], [1, `${sentence('crawl', 110)}\n`]);
  assert.equal(existsSync(out), false);
});

test('what it asks for is enough', () => {
  const options = [
    '--profile',
    'smoke',
    '--peers',
    'off',
    '--report',
    'off',
    '--out',
    join(scratch, 'enough'),
  ];
  const { status, stderr } = spawnSync(...limited(160, 'bench', 'crawl', ...options));
  assert.equal(status, 0, stderr);
});

test('play refuses a run that needs more, and goes on', async (context) => {
  const [program, args, options] = limited(64, 'play', '--port', '0');
  const child = spawn(program, args, { cwd: options.cwd });
  context.after(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout.setEncoding('utf8'), 'data');
  const [origin] = /http:\S+/.exec(line)!;
  const play = async (requests: number) => {
    const body = JSON.stringify({ strategy: 'promise-all', requests, latencyMs: 10 });
    const headers = { origin, 'content-type': 'application/json' };
    assert.equal((await fetch(`${origin}/run`, { method: 'POST', headers, body })).status, 202);
    // Who watches later gets all of the run so far.
    const { body: events } = await fetch(`${origin}/events`);
    let told = '';
    for await (const text of events!.pipeThrough(new TextDecoderStream())) {
      told += text;
      if (/"(stopped|done)"/.test(told)) return told;
    }
    throw new Error(`It never ended: ${told}`);
  };
  assert.ok((await play(100)).includes(sentence('this run', 100)));
  assert.match(await play(10), /"done"/);
});
