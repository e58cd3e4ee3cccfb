import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

/** Every source file with what it imports: paths from the root for our own files, names for packages. */
const files = globSync('{benchmarks,harness,play,scripts,server,studies}/**/*.{ts,js}', { cwd: ROOT }).map(
  (file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const named = [...text.matchAll(/(?:^|\n)(?:import|export)\s[^;]*?from\s+'([^']+)'/g)];
    const bare = [...text.matchAll(/(?:^|\n)import\s+'([^']+)'|\bimport\(\s*'([^']+)'/g)];
    const imports = [...named, ...bare].map(([, one, other]) => (one ?? other)!);
    return {
      file,
      imports: imports.map((name) => (name.startsWith('.') ? normalize(join(dirname(file), name)) : name)),
    };
  },
);

/** From DESIGN: who never imports what, or imports nothing but. */
const RULES: { readonly who: RegExp; readonly never?: RegExp; readonly only?: RegExp }[] = [
  { who: /^harness\/model\//, only: /^harness\/(model\/|charts\/[\w-]+\/kind\.ts$)/ },
  {
    who: /^benchmarks\/strategies\//,
    never: /^(benchmarks\/(?!strategies\/)|harness\/(?!model\/)|play|server|scripts|studies)\/|^node:/,
  },
  { who: /^server\//, never: /^(harness\/(?!model\/)|benchmarks)\// },
  { who: /^harness\/measure\//, never: /^(harness\/report|benchmarks|studies)\// },
  { who: /^harness\/statistics\//, only: /^harness\/(statistics|model)\/|^simple-statistics$/ },
  { who: /^harness\/(report|findings|charts)\//, never: /^(harness\/measure|benchmarks|server)\// },
  { who: /^(benchmarks|harness|server|studies)\//, never: /^play\// },
  { who: /^(benchmarks|harness|play|server)\//, never: /^scripts\// },
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
