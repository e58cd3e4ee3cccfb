import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { main as bench } from '../../scripts/bench.ts';
import { callHere, run } from '../fixtures/command.ts';
import { skipSlow } from '../fixtures/slow.ts';
import { OWN_CODE, userProject } from '../fixtures/user-project.ts';

const GOOD = { bench: join(OWN_CODE, 'bench'), src: join(OWN_CODE, 'src') };
const LISTED = 'crawl: How many requests at once should crawlAll send?\n';

/** Files that cannot be used, and what is said of each. */
const BROKEN: readonly (readonly [string, string, string, RegExp])[] = [
  [
    'has no default export',
    'none.overlap.ts',
    'export const x = 1;',
    /none\.overlap\.ts has no experiment as its default export; it should export default defineBenchmark/,
  ],
  [
    'exports something else',
    'other.overlap.ts',
    'export default 17;',
    /other\.overlap\.ts has no experiment as its default export/,
  ],
  [
    'has a syntax error in TypeScript',
    'typed.overlap.ts',
    'const x: = 1;\nexport default x;',
    /typed\.overlap\.ts cannot be loaded: .+ \(\S+typed\.overlap\.ts:1\)\.$/,
  ],
  [
    'has a syntax error in JavaScript',
    'plain.overlap.js',
    '\nexport default { x: ;\n',
    /plain\.overlap\.js cannot be loaded: Unexpected token ';' \(\S+plain\.overlap\.js:2\)\.$/,
  ],
  [
    'has TypeScript that Node cannot strip',
    'enum.overlap.ts',
    'enum Size { small }\nexport default Size;',
    /enum\.overlap\.ts cannot be loaded: TypeScript enum is not supported in strip-only mode \(\S+enum\.overlap\.ts:1\)\.$/,
  ],
  [
    'imports a file that does not exist',
    'gone.overlap.ts',
    "import { x } from './nothing.ts';\nexport default x;",
    /gone\.overlap\.ts cannot be loaded: \S+nothing\.ts, which \S+gone\.overlap\.ts imports, does not exist\.$/,
  ],
  [
    'imports a file without its ending',
    'ending.overlap.ts',
    "import { crawlAll } from './src/crawl';\nexport default crawlAll;",
    /src\/crawl, which \S+ending\.overlap\.ts imports, does not exist; write its ending \.ts in the import\.$/,
  ],
  [
    'imports a name that is not there',
    'name.overlap.ts',
    "import { crawlOne } from './src/crawl.ts';\nexport default crawlOne;",
    /name\.overlap\.ts cannot be loaded: .*does not provide an export named 'crawlOne' \(\S+name\.overlap\.ts:1\)\.$/,
  ],
  [
    'imports a package that is not installed',
    'package.overlap.ts',
    "import x from 'overlap-no-such-package';\nexport default x;",
    /package\.overlap\.ts needs overlap-no-such-package, which is not installed: run .+\.$/,
  ],
  [
    'throws',
    'thrown.overlap.ts',
    "throw new Error('there is no database');",
    /thrown\.overlap\.ts cannot be loaded: there is no database \(\S+thrown\.overlap\.ts:1\)\.$/,
  ],
  [
    'calls process.exit',
    'exit.overlap.ts',
    'process.exit(4);',
    /exit\.overlap\.ts cannot be loaded: it calls process\.exit\(4\)\.$/,
  ],
  [
    'calls process.exit and catches what follows',
    'caught.overlap.ts',
    "try { process.exit(); } catch {}\nexport { default } from './bench/crawl.overlap.ts';",
    /caught\.overlap\.ts cannot be loaded: it calls process\.exit\(\)\.$/,
  ],
  [
    'has a wrong setting',
    'setting.overlap.ts',
    "import { defineBenchmark } from 'overlap-bench';\nexport default defineBenchmark({ question: 'Why?', api: { latencyMs: 50 }, vary: { concurrency: [5, 5] }, run: () => {} });",
    /setting\.overlap\.ts cannot be loaded: vary\.concurrency has 5 twice; keep one of them \(\S+setting\.overlap\.ts:2\)\.$/,
  ],
  [
    'has variants that contradict each other',
    'twice.overlap.ts',
    "import { defineExperiment } from 'overlap-bench';\nexport default defineExperiment({ title: 'T', question: 'Q?', profiles: { quick: { rounds: 6, warmUpRounds: 0 } }, variants: () => { throw new TypeError('no rows'); }, charts: [] });",
    /^Error: \S*twice\.overlap\.ts: no rows\.?$/,
  ],
  [
    'has a name that no record can have',
    'My Crawl.overlap.ts',
    'export default 1;',
    /My Crawl\.overlap\.ts gives its experiment the name My Crawl; rename it/,
  ],
];

test('each file that cannot be used has one sentence with its name and the reason; the others are listed', async () => {
  const files = Object.fromEntries(BROKEN.map(([, name, text]) => [name, text]));
  const root = userProject(files, GOOD);
  const { code, out, err } = await callHere(bench, '--list', '--project', root);
  assert.equal(code, 1);
  assert.equal(out, LISTED);
  const lines = err.trimEnd().split('\n');
  assert.equal(lines.length, BROKEN.length, err);
  for (const [what, name, , sentence] of BROKEN) {
    const line = lines.find((one) => one.includes(name));
    assert.ok(line !== undefined, `${name} is not named: ${err}`);
    assert.match(line, sentence, what);
  }
});

test('a chosen experiment is not bothered by files beside it', async () => {
  const root = userProject({ 'thrown.overlap.ts': 'throw new Error("never loaded");' }, GOOD);
  const { code, out, err } = await callHere(bench, '--list', 'crawl', '--project', root);
  assert.deepEqual([code, out, err], [0, LISTED, '']);
});

test('a name that no file has is refused with those that there are', async () => {
  const root = userProject({}, GOOD);
  const { code, err } = await callHere(bench, 'scrape', '--project', root);
  assert.deepEqual([code, err], [1, 'There is no experiment "scrape"; there are crawl.\n']);
});

test('two files of one name are refused with both paths', async () => {
  const root = userProject({}, { ...GOOD, more: GOOD.bench });
  const { code, err } = await callHere(bench, '--list', '--project', root);
  assert.equal(code, 1);
  assert.match(
    err,
    /^\S+bench\/crawl\.overlap\.ts and \S+more\/crawl\.overlap\.ts are both called crawl; rename one of them\.\n$/,
  );
});

test('a project without experiments is told how to write one', async () => {
  const root = userProject({});
  const { code, err } = await callHere(bench, '--project', root);
  assert.equal(code, 1);
  assert.match(
    err,
    /has no experiments; write one into a file that ends in \.overlap\.ts, or name its files in overlap\.config\.ts\.\n$/,
  );
});

test('a file that prints, and keeps its process, is listed on standard output alone, and the command ends', async () => {
  const text = [
    "console.log('loading');",
    "setInterval(() => console.log('still here'), 20);",
    "export { default } from './bench/crawl.overlap.ts';",
  ].join('\n');
  const root = userProject({ 'loud.overlap.ts': text }, GOOD);
  const { code, out, err } = await run('bench', '--list', 'loud', '--project', root);
  assert.equal(code, 0);
  assert.equal(out, LISTED.replace('crawl:', 'loud:'));
  assert.match(err, /^loading\n/);
});

test('a file that throws where no code catches it ends the command with one sentence', async () => {
  const text = "Promise.reject(new Error('no cache'));\nexport { default } from './bench/crawl.overlap.ts';";
  const root = userProject({ 'stray.overlap.ts': text }, GOOD);
  const { code, err } = await run('bench', '--list', 'stray', '--project', root);
  assert.equal(code, 1);
  assert.match(err, /^An error that no code caught: no cache \(\S+stray\.overlap\.ts:1\)\.\n$/);
});

test('a top-level await that does not end is told after a while', { skip: skipSlow }, async () => {
  const root = userProject({ 'never.overlap.ts': 'await new Promise(() => {});\nexport default 1;' }, GOOD);
  const { code, err } = await run('bench', '--list', 'never', '--project', root);
  assert.equal(code, 1);
  assert.match(err, /never\.overlap\.ts cannot be loaded: a top-level await did not end within 20 s\.\n$/);
});

test('experiments in a project of CommonJS are loaded', async () => {
  const root = userProject({ 'package.json': JSON.stringify({ name: 'old' }) }, GOOD);
  const { code, out } = await run('bench', '--list', '--project', root);
  assert.deepEqual([code, out], [0, LISTED]);
});
