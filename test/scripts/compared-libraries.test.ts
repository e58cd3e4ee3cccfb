import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeRecord } from '../../harness/record/record-files.ts';
import { start } from '../fixtures/command.ts';
import { madeUpRecord, TENFOLD } from '../fixtures/record.ts';

const ROOT = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'overlap-compared-libraries-'));
after(() => rmSync(scratch, { recursive: true }));

const imported = join(scratch, 'imported.txt');
const watching = {
  NODE_OPTIONS: '--import ./test/fixtures/report-packages.js',
  OVERLAP_TEST_PACKAGES: imported,
};
const namesImported = () => readFileSync(imported, 'utf8').split('\n');

const STATIC = /^import (?!type\b).* from '((?!node:)[^'.][^']*)'/gm;
const WHEN_OPENED = /\bimport\('([^'.][^']*)'\)/g;
/** The libraries of limiters and clients, and what else the benchmarks import when a sample is set up. */
const compared = [
  ...namesIn('benchmarks/strategies/limiters/*.ts', STATIC),
  // The harness itself talks to targets by undici.
  ...namesIn('benchmarks/clients/http/*.ts', STATIC).filter((name) => name !== 'undici'),
  ...namesIn('benchmarks/**/*.ts', WHEN_OPENED),
];

function namesIn(files: string, statement: RegExp): string[] {
  return globSync(files, { cwd: ROOT }).flatMap((file) =>
    [...readFileSync(join(ROOT, file), 'utf8').matchAll(statement)].map(([, name]) => name!),
  );
}

/** A directory with the record of one run. */
function results(name: string): string {
  const directory = join(scratch, name);
  mkdirSync(directory);
  writeRecord(directory, madeUpRecord(TENFOLD));
  return directory;
}

test('compared libraries are found, and so is one that is loaded', () => {
  for (const name of [
    'axios',
    'got',
    'ky',
    'node-fetch',
    'p-limit',
    'p-map',
    '@supercharge/promise-pool',
    'pg',
  ])
    assert.ok(compared.includes(name), name);
  const program = "import('./benchmarks/strategies/limiters/p-map.ts')";
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: ROOT,
    env: { ...process.env, ...watching },
  });
  assert.equal(status, 0);
  assert.ok(namesImported().includes('p-map'));
});

for (const [command, ...args] of [
  ['bench', '--list'],
  ['compare', results('base'), results('current')],
  ['charts', results('drawn')],
] as const)
  test(`${command} ${args[0].startsWith('--') ? args[0] : 'of results'} loads none of the compared libraries`, async () => {
    rmSync(imported, { force: true });
    const { code, err } = await start(command, args, ROOT, watching).ended;
    assert.equal(code, 0, err);
    const names = namesImported();
    assert.ok(names.includes('typebox'));
    assert.deepEqual(
      compared.filter((name) => names.includes(name)),
      [],
    );
  });
