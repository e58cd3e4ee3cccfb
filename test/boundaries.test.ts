import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

/** Every source file with what it imports: paths from the root for our own files, names for packages. */
const files = globSync('{authoring,benchmarks,harness,package,play,scripts,server,studies}/**/*.{ts,js}', {
  cwd: ROOT,
  // Runtimes of peers are installed there.
  exclude: (path) => path.endsWith('node_modules'),
}).map((file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const named = [...text.matchAll(/(?:^|\n)(?:import|export)\s[^;]*?from\s+'([^']+)'/g)];
  const bare = [...text.matchAll(/(?:^|\n)import\s+'([^']+)'|\bimport\(\s*'([^']+)'/g)];
  const imports = [...named, ...bare].map(([statement, one, other]) => {
    const name = (one ?? other)!;
    const path = name.startsWith('.') ? normalize(join(dirname(file), name)) : name;
    return { path, typeOnly: /^\s*(import|export) type\s/.test(statement) };
  });
  const values = imports.filter(({ typeOnly }) => !typeOnly).map(({ path }) => path);
  return { file, text, imports: imports.map(({ path }) => path), values };
});

/** From DESIGN: forbidden imports, and modules that may import a few others only. */
const RULES: { readonly who: RegExp; readonly never?: RegExp; readonly only?: RegExp }[] = [
  { who: /^harness\/model\//, only: /^harness\/(model\/|charts\/[\w-]+\/kind\.ts$)|^typebox$/ },
  {
    who: /^benchmarks\/strategies\//,
    never: /^(benchmarks\/(?!strategies\/)|harness\/(?!model\/)|play|server|scripts|studies)\/|^node:/,
  },
  { who: /^server\//, never: /^(harness\/(?!model\/)|benchmarks)\// },
  // Measured code must not depend on this; only the code around it may.
  {
    who: /^server\/[\w-]+\/(?!(kind|witness|elsewhere)\.ts$)/,
    never: /^harness\/|\/(kind|witness|elsewhere)\.ts$/,
  },
  { who: /^harness\/measure\//, never: /^(harness\/report|benchmarks|server|studies)\// },
  { who: /^harness\/statistics\//, only: /^harness\/(statistics|model)\/|^simple-statistics$/ },
  { who: /^harness\/(report|findings|charts|history)\//, never: /^(harness\/measure|benchmarks|server)\// },
  // It runs in the process that others measure, and an experiment's file loads it, too.
  { who: /^harness\/library\//, never: /^harness\/(report|charts|record)\/|^typebox/ },
  // What authors write with it runs in the measured process, which loads no more than it needs.
  { who: /^authoring\//, only: /^(authoring|benchmarks|harness\/(model|statistics|findings))\// },
  { who: /^(benchmarks|harness|server)\//, never: /^authoring\// },
  { who: /^(authoring|benchmarks|harness|server|studies)\//, never: /^play\// },
  { who: /^(authoring|benchmarks|harness|play|server)\//, never: /^scripts\// },
  { who: /^(authoring|benchmarks|harness|play|server|studies)\//, never: /^package\// },
  { who: /^package\/entries\//, never: /^(play|scripts|studies)\// },
];

test('imports are found at all', () => {
  assert.ok(files.length > 20);
  assert.ok(files.some(({ imports }) => imports.includes('harness/model/job.ts')));
});

for (const { who, never, only } of RULES)
  test(`${who.source} ${only === undefined ? `never imports ${never?.source}` : `imports only ${only.source}`}`, () => {
    const bound = files.filter(({ file }) => who.test(file));
    assert.ok(bound.length > 0);
    for (const { file, imports } of bound)
      for (const name of imports) {
        assert.ok(never === undefined || !never.test(name), `${file} imports ${name}`);
        assert.ok(only === undefined || only.test(name), `${file} imports ${name}`);
      }
  });

test('of the model, targets import types alone', () => {
  const bound = files.filter(
    ({ file, imports }) => file.startsWith('server/') && imports.some((name) => /^harness\//.test(name)),
  );
  assert.ok(bound.length > 0);
  for (const { file, values } of bound)
    for (const name of values) assert.doesNotMatch(name, /^harness\//, `${file} imports ${name}`);
});

test('measuring knows no folder of a target by heart', () => {
  const bound = files.filter(({ file }) => file.startsWith('harness/measure/'));
  assert.ok(bound.length > 0);
  for (const { file, text } of bound) assert.doesNotMatch(text, /['"`/]server['"`/]|postgresql/, file);
});

/** Who may name a place outside of its own folder, and which: where the project is found, and the manifest of all. */
const PLACES: Readonly<Record<string, string>> = {
  'harness/installation.ts': '../package.json',
  'harness/project.ts': '..',
  'package/manifest.ts': '..',
  'scripts/require-node.js': '../package.json',
  'server/latency/version.ts': '../../package.json',
  'server/postgresql/missing.ts': '../../package.json',
};

test('no module names a place outside of its own folder by a path', () => {
  const bound = files.filter(({ file }) => !file.startsWith('studies/'));
  const seen = new Set<string>();
  for (const { file, text } of bound) {
    const code = text.replaceAll(/(?:\bfrom|\bimport|declare module)\s*\(?\s*'[^']+'/g, '');
    for (const [, path] of code.matchAll(/(?:import\.meta\.\w+,\s*|new URL\(\s*)'(\.\.[^']*)'/g)) {
      assert.equal(path, PLACES[file], `${file} names ${path}`);
      seen.add(file);
    }
  }
  assert.deepEqual([...seen].sort(), Object.keys(PLACES));
});

/** Who may write a command in a text: where commands are made, before TypeScript runs, and the marks in docs/. */
const COMMAND_WRITERS = [
  'harness/installation.ts',
  'harness/report/documents/marks.ts',
  'scripts/require-node.js',
];

test('texts name commands as this installation runs them', () => {
  const bound = files.filter(({ file }) => !file.startsWith('studies/'));
  const writers = bound.filter(({ text }) => {
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*/g, '');
    return /\bnpm run\b|\bnpx /.test(code);
  });
  assert.deepEqual(writers.map(({ file }) => file).sort(), COMMAND_WRITERS);
});

test('of charts, what measures and keeps records knows the kinds alone', () => {
  const bound = files.filter(({ file }) => /^harness\/(measure|record)\//.test(file));
  for (const { file, values } of bound)
    for (const name of values) assert.doesNotMatch(name, /^harness\/charts\/(?!kinds\.ts$)/, file);
});

test('a kind of chart is declared without its drawing code', () => {
  const kinds = files.filter(({ file }) => /^harness\/charts\/[\w-]+\/kind\.ts$/.test(file));
  assert.ok(kinds.length > 0);
  for (const { file, values } of kinds)
    for (const name of values)
      assert.doesNotMatch(name, /draw\.ts$|chart\.js|canvas|^harness\/report\//, file);
});
