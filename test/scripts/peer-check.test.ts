import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { run, start } from '../fixtures/command.ts';
import { childrenOf, isAlive, until } from '../fixtures/processes.ts';

const PLAIN = join(import.meta.dirname, '../fixtures/peers/javascript/plain.js');

test('a line a check, and the exit code, tell whether a peer does as the document says', async () => {
  const good = await run('peer-check', '--only', 'open twice', process.execPath, PLAIN);
  assert.deepEqual(good, {
    code: 0,
    out: 'ok     starts: crawl by serial, semaphore, promise-all\nok     open twice\nAll 2 checks hold.\n',
    err: '',
  });
  const bad = await run('peer-check', '--only', 'open twice', process.execPath, PLAIN, 'opens twice');
  assert.equal(bad.code, 1);
  assert.equal(
    bad.out,
    'ok     starts: crawl by serial, semaphore, promise-all\n' +
      'wrong  open twice: It said "{\\"opened\\":true}". The document says: Whatever goes wrong ends the peer: it says ' +
      'why on stderr and exits with a code other than 0.\n' +
      '1 of 2 checks fails; docs/peer-protocol.md has the rules.\n',
  );
});

test('options after the command are the peer’s own, and without a command there is a sentence', async () => {
  const { code, out } = await run(
    'peer-check',
    '--only',
    'nothing',
    process.execPath,
    '--no-warnings',
    PLAIN,
  );
  assert.equal(code, 0, out);
  const none = await run('peer-check');
  assert.equal(none.code, 1);
  assert.equal(none.err, "error: missing required argument 'command'\n");
  const help = await run('peer-check', '--help');
  assert.equal(help.code, 0);
  assert.match(
    help.out,
    /--limit <seconds>[\s\S]*docs\/peer-protocol\.md|docs\/peer-protocol\.md[\s\S]*--limit/,
  );
});

test('Ctrl-C ends the command and the peer', async () => {
  const { child, ended } = start('peer-check', [
    '--only',
    'crawl by serial',
    process.execPath,
    PLAIN,
    'hangs',
  ]);
  // The check starts peers in turn, so a second look may find none.
  let pid: number | undefined;
  const peer = () => childrenOf(child.pid!).find(({ command }) => command.endsWith(`${PLAIN} hangs`));
  await until(
    'the peer to start',
    () => {
      pid = peer()?.pid;
      return pid !== undefined;
    },
    30_000,
  );
  child.kill('SIGINT');
  assert.equal((await ended).code, 130);
  await until('the end of the peer', () => !isAlive(pid!));
});
