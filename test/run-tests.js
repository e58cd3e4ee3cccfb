/**
 * `npm test`: all test files, in three parts. What tests pure functions shares one process, since loading the modules takes
 * longer than the tests. Servers have the machine to themselves: their lateness is measured. Arguments of the command line
 * go to each part, as `npm test -- --test-update-snapshots` for the golden files.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const PURE = 'test/harness/{charts,findings,record,report,statistics}/**/*.test.ts';
/** What these look at is how late an answer is. */
const LATENESS = 'elsewhere|holds|server|thousands';
const PARTS = [
  ['--test-isolation=none', PURE],
  [
    '--test-concurrency=2',
    'test/*.test.ts',
    'test/{benchmarks,browser,deploy,package,play,scripts,studies}/**/*.test.ts',
    'test/harness/*.test.ts',
    'test/harness/measure/**/*.test.ts',
    `test/server/latency/!(${LATENESS}).test.ts`,
  ],
  [
    '--test-concurrency=1',
    'test/server/*.test.ts',
    `test/server/latency/{${LATENESS.replaceAll('|', ',')}}.test.ts`,
  ],
];

const preload = ['./scripts/require-node.js', './test/compile-cache.js'].flatMap((file) => [
  '--import',
  file,
]);
const given = process.argv.slice(2);
for (const part of PARTS) {
  const options = [...preload, '--test', '--test-timeout=120000', ...given, ...part];
  const { status } = spawnSync(process.execPath, options, { cwd: ROOT, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
