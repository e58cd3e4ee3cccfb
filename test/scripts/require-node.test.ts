import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { satisfies } from 'semver';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const { OLDEST_NODE } = await import(join(ROOT, 'scripts/require-node.js'));
const { engines, dependencies } = JSON.parse(read('package.json'));

test('from which Node npm ci brings the locked one: engines, README and CI agree, and npm does not warn of us', () => {
  const [, oldest] = /It needs npm and Node (\d+) or newer/.exec(read('README.md'))!;
  assert.deepEqual(engines, { node: `>=${oldest}` });
  assert.deepEqual(JSON.parse(read('package-lock.json')).packages[''].engines, engines);
  assert.match(read('.github/workflows/ci.yml'), new RegExp(`node-version: ${oldest}$`, 'm'));
});

/** What a command says before it starts on some Node; `more` are versions of other parts. */
function startOn(version: string, more: Readonly<Record<string, string>> = {}) {
  const other = JSON.stringify({ ...more, node: version });
  const pretend = `Object.defineProperty(process, 'versions', { value: { ...process.versions, ...${other} } });`;
  const imports = [`data:text/javascript,${encodeURIComponent(pretend)}`, './scripts/require-node.js'];
  const options = imports.flatMap((file) => ['--import', file]);
  return spawnSync(process.execPath, [...options, '--eval', ''], { cwd: ROOT, encoding: 'utf8' });
}

for (const version of ['20.20.2', '22.18.9'])
  test(`commands on Node ${version} say in one sentence what is missing`, () => {
    const { status, stderr } = startOn(version);
    assert.equal(status, 1);
    assert.match(
      stderr,
      new RegExp(`^Overlap needs Node ${OLDEST_NODE} or newer and this is ${version}: run npm ci, .*\\.\\n$`),
    );
  });

test("commands under Yarn's Plug'n'Play say in one sentence what to change", () => {
  const { status, stderr } = startOn(dependencies.node, { pnp: '3' });
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^Overlap needs node_modules, .* set nodeLinker: node-modules in \.yarnrc\.yml, .*\.\n$/,
  );
});

for (const version of [OLDEST_NODE, dependencies.node, '26.0.0'])
  test(`commands on Node ${version} start`, () => {
    const { status, stderr } = startOn(version);
    assert.deepEqual([status, stderr], [0, '']);
  });

test('undici, which all clients stand on, runs on every Node that commands start on', () => {
  const { engines } = JSON.parse(read('node_modules/undici/package.json'));
  for (const version of [OLDEST_NODE, dependencies.node])
    assert.ok(satisfies(version, engines.node), version);
});
