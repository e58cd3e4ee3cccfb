import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { DEPENDENCIES, ENTRIES, INLINED, OPTIONAL, packageManifest, ROOT } from '../../package/manifest.ts';
import { findModules, type Modules, packageIn } from '../../package/modules.ts';

interface Manifest {
  readonly [field: string]: unknown;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, unknown>>;
}

const manifest = packageManifest() as Manifest;
const lock = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages;
const own = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

let modules: Modules;
before(async () => {
  modules = await findModules(ROOT);
});

/** What drawing pictures imports beside a canvas, which the package has in copies, or does without. */
const IN_PICTURES = ['canvas', 'chartjs-node-canvas'];

function packagesOf(file: string): string[] {
  const imports = modules.get(file) ?? [];
  return imports
    .filter(({ path, isOurs }) => !isOurs && !path.startsWith('node:'))
    .map(({ path }) => packageIn(path));
}

test('its versions are those of the lock, and the manifest of this repository stays private', () => {
  const versions = Object.fromEntries(
    DEPENDENCIES.map((name) => [name, lock[`node_modules/${name}`].version]),
  );
  assert.deepEqual(manifest.dependencies, versions);
  for (const [name, range] of Object.entries(manifest.peerDependencies)) {
    assert.equal(range, `>=${lock[`node_modules/${OPTIONAL[name]}`].version}`);
    assert.deepEqual(manifest.peerDependenciesMeta[name], { optional: true });
  }
  assert.equal(manifest.version, own.version);
  assert.equal(manifest.private, undefined);
  assert.deepEqual([own.name, own.private, own.bin], ['overlap', true, undefined]);
});

test('every package that its modules import is a dependency, an optional one, or copied', () => {
  const known = new Set([...DEPENDENCIES, ...Object.values(OPTIONAL), ...INLINED, ...IN_PICTURES]);
  assert.ok(modules.size > 150);
  for (const file of modules.keys())
    for (const name of packagesOf(file)) assert.ok(known.has(name), `${file} imports ${name}`);
});

test('every dependency is imported by its modules, or is what one of them asks for', () => {
  const used = new Set([...modules.keys()].flatMap(packagesOf));
  const peers = DEPENDENCIES.flatMap((name) =>
    Object.keys(lock[`node_modules/${name}`].peerDependencies ?? {}),
  );
  for (const name of DEPENDENCIES) assert.ok(used.has(name) || peers.includes(name), name);
  for (const name of [...Object.values(OPTIONAL), ...INLINED]) assert.ok(used.has(name), name);
});

test('what is optional is not loaded before it is needed', () => {
  const optional = new Set([...Object.values(OPTIONAL), ...IN_PICTURES]);
  const loading = new Set<string>();
  const load = (file: string) => {
    for (const [importer, imports] of modules) {
      const waits = imports.every(({ path, lazy }) => path !== file || lazy);
      if (waits || loading.has(importer)) continue;
      loading.add(importer);
      load(importer);
    }
  };
  for (const [file, imports] of modules)
    if (imports.some(({ path, isOurs, lazy }) => !isOurs && !lazy && optional.has(packageIn(path)))) {
      loading.add(file);
      load(file);
    }
  assert.deepEqual([...loading].sort(), [
    'harness/charts/fonts.ts',
    'harness/charts/png.ts',
    'harness/charts/render.ts',
    'server/postgresql/database.ts',
    'server/postgresql/main.ts',
  ]);
});

test('its entries and its programs are files', () => {
  for (const entry of Object.values(ENTRIES)) assert.ok(existsSync(join(ROOT, `${entry}.ts`)), entry);
  for (const program of Object.values(manifest.bin as Record<string, string>))
    assert.match(readFileSync(join(ROOT, program), 'utf8'), /^#!\/usr\/bin\/env node\n/);
});
