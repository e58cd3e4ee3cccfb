import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { main as bench } from '../../scripts/bench.ts';
import { main as peers } from '../../scripts/peers.ts';
import { callHere } from '../fixtures/command.ts';

const root = mkdtempSync(join(tmpdir(), 'overlap-peers-command-'));
after(() => rmSync(root, { recursive: true }));

/** A project with a runtime that is here, one that is not, and a package for one of them. */
const runtimes: Readonly<Record<string, string>> = { here: process.execPath, absent: 'no-such-program' };
for (const [name, program] of Object.entries(runtimes)) {
  const folder = join(root, 'peers', name);
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    join(folder, 'runtime.js'),
    `export default { program: ${JSON.stringify(program)}, version: { args: ['--version'], least: '20.0.0' },
      find: () => [{ id: '${name}-one', file: 'peer.js' }], install: 'apt-get install ${name} adds it',
      start: ({ program, file }) => ({ command: program, args: [file] }) };`,
  );
  writeFileSync(
    join(folder, 'peer.js'),
    `console.log('{"ready": true, "strategies": {"crawl": ["serial"]}, "client": "mine", "settings": [{"name": "pool", "value": "5"}]}');
     process.stdin.resume();`,
  );
}
writeFileSync(join(root, 'package.json'), '{"type": "module"}');
writeFileSync(join(root, 'overlap.config.json'), '{"peers": ["peers/*/"], "experiments": []}');

test('it lists what is here with its settings, and says what adds the others', async () => {
  const { code, out } = await callHere(peers, '--project', root);
  assert.equal(code, 0);
  assert.equal(
    out,
    `here-one: here ${process.versions.node}; mine; pool: 5\n` +
      'absent-one: not here. no-such-program cannot be started (spawn no-such-program ENOENT); apt-get install absent adds it.\n',
  );
});

test('what no peer brings by npm is not installed, and an unknown runtime is refused', async () => {
  const nothing = await callHere(peers, 'install', '--project', root);
  assert.deepEqual([nothing.code, nothing.out], [0, 'No peer of this project comes by npm.\n']);
  const unknown = await callHere(peers, 'install', 'perl', '--project', root);
  assert.equal(unknown.code, 1);
  assert.equal(
    unknown.err,
    '"perl" is no runtime with packages from npm; the project has no such runtime.\n',
  );
});

test('--peers takes names, and no word among them', async () => {
  for (const wrong of ['bun,auto', 'bun,,go', '']) {
    const { code, err } = await callHere(bench, 'crawl', '--peers', wrong);
    assert.equal(code, 1, wrong);
    assert.match(err, /It must be auto, off, require, or names with commas between, as bun,go\.\n$/);
  }
});

test('a named peer that is not there, or cannot run, ends the run before it begins', async () => {
  const out = join(root, 'out');
  const unknown = await callHere(bench, 'crawl', '--profile', 'smoke', '--peers', 'perl', '--out', out);
  assert.equal(unknown.code, 1);
  assert.match(
    unknown.err,
    /^There is no peer or runtime "perl"; there are bun, deno, go, node, python, rust, bun-raised, /,
  );
  const absent = ['--runtime', 'python=no-such-python', '--peers', 'python', '--out', out];
  const cannot = await callHere(bench, 'crawl', '--profile', 'smoke', ...absent);
  assert.equal(cannot.code, 1);
  assert.match(cannot.err, /^--peers python: \w+ cannot run\. no-such-python cannot be started /);
});
