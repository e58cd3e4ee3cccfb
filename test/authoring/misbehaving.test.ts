import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { readRecord } from '../../harness/record/record-files.ts';
import { run, start } from '../fixtures/command.ts';
import { childrenOf, isAlive, until } from '../fixtures/processes.ts';
import { skipSlow } from '../fixtures/slow.ts';
import { OWN_CODE, userProject } from '../fixtures/user-project.ts';

const project = userProject({}, { '.': OWN_CODE });

/** What is said of each experiment, and the errors of its rows by their names. */
const ROWS: readonly (readonly [string, string, Readonly<Record<string, RegExp>>])[] = [
  ['throws', 'throwing', { 'concurrency 10': /^FILE failed \(urls is not iterable, at FILE:\d+\)$/ }],
  ['has a request that fails', 'failing', { 'concurrency 10': /^FILE failed \(fetch failed: bad port\)$/ }],
  [
    'returns too few results',
    'fewer',
    {
      'concurrency 10':
        /^FILE failed \(it returned 9 results for 10 requests; if that is right, let run return nothing\)$/,
    },
  ],
  ['calls process.exit', 'exiting', { 'concurrency 10': /^FILE called process\.exit\(3\)$/ }],
  [
    'throws where no code catches it',
    'crashing',
    {
      'concurrency 10': /^The measured process ended with exit code 1 \(Error: the cache is full\) in FILE$/,
    },
  ],
  ['never ends', 'hanging', { 'concurrency 10': /^FILE did not end within 2 s$/ }],
  ['sends requests for ever', 'endless', { 'concurrency 10': /^FILE did not end within 2 s$/ }],
];

/** The check that fails. */
const CHECKS: readonly (readonly [string, string, RegExp])[] = [
  [
    'does not await its work',
    'unawaited',
    /(served \d requests? instead of 10 before it ended; a promise may not be awaited|did not answer every request)\.$/,
  ],
  [
    'opens more connections than it says',
    'wide',
    /: \d\d connections carried the sample, more than 10; if that is right, write connections: { atMost: \d\d } for this variant in FILE\.$/,
  ],
  [
    'sends more at once than it says',
    'greedy',
    /: the target saw \d+ requests in flight, and the limit is \d+; if that is right, write limit: \d+ for this variant in FILE\.$/,
  ],
  [
    'sends a request twice',
    'repeating',
    /: the target served 11 requests instead of 10; if that is right, write retries: true for this variant in FILE\.$/,
  ],
];

/** What is said of an experiment that is measured all the same. */
const NOTICES: readonly (readonly [string, string, RegExp])[] = [
  [
    'prints',
    'printing',
    /^Warning: FILE printed 8 lines while it was measured; the first is "(crawling 10|with \d+)"\. Printing takes time, so let it be silent\.$/m,
  ],
  [
    'leaves timers',
    'leaking',
    /^Warning: FILE leaves 4 timers open, and more after each round\. Close what each call opens\.$/m,
  ],
];

const fileOf = (name: string, sentence: RegExp) =>
  new RegExp(sentence.source.replaceAll('FILE', `misbehaving/${name}\\.overlap\\.ts`), sentence.flags);
const recordOf = (name: string) => readRecord(join(project, `results/latest/${name}.json`));
let told: Awaited<ReturnType<typeof run>>;
/** Every process that it started, by its id. */
const started = new Set<number>();

before(async () => {
  const names = [...ROWS, ...CHECKS, ...NOTICES].map(([, name]) => name);
  const { child, ended } = start('bench', [...names, 'retrying', '--profile', 'smoke', '--project', project]);
  const looking = setInterval(() => {
    for (const { pid } of childrenOf(child.pid!)) started.add(pid);
  }, 100);
  told = await ended.finally(() => clearInterval(looking));
});

test('a run whose experiments misbehave ends with 1, and leaves no process', async () => {
  assert.equal(told.code, 1);
  // Each experiment has a target and a measured process, and some need another one.
  assert.ok(started.size >= 2 * (ROWS.length + CHECKS.length + NOTICES.length));
  await until('the end of all processes', () => ![...started].some(isAlive));
});

for (const [what, name, rows] of ROWS)
  test(`a row that ${what} has one sentence that names the file, and the others are measured`, () => {
    const { status, variants, samples, rounds } = recordOf(name);
    const errors = variants.flatMap(({ id, error }) => (error === undefined ? [] : [[id, error] as const]));
    assert.deepEqual(
      errors.map(([id]) => id),
      Object.keys(rows),
    );
    for (const [id, error] of errors) {
      assert.match(error, fileOf(name, rows[id]!));
      assert.ok(told.err.includes(`Error: ${name}, ${id}: ${error}.\n`), told.err);
    }
    assert.equal(status, 'errored');
    const measured = samples.filter(({ twin, warmUp }) => !twin && !warmUp);
    const counts = variants.map((_, at) => measured.filter(({ variant }) => variant === at).length);
    assert.deepEqual(counts, [rounds, rounds, 0]);
  });

for (const [what, name, sentence] of CHECKS)
  test(`an experiment that ${what} fails its check, with one sentence that names the file`, () => {
    const { status, reason, samples } = recordOf(name);
    assert.equal(status, 'errored');
    assert.match(reason!, fileOf(name, sentence));
    assert.ok(told.err.includes(`Error: ${reason}\n`), told.err);
    assert.ok(samples.some(({ failure }) => failure !== null));
  });

for (const [what, name, sentence] of NOTICES)
  test(`an experiment that ${what} is measured, with one warning that names the file`, () => {
    assert.equal(recordOf(name).status, 'ok');
    assert.match(told.err, fileOf(name, sentence));
    assert.equal(told.err.split(`${name}.overlap.ts`).length, 2);
  });

test('what measured code prints is not among the answers of the command', () => {
  assert.doesNotMatch(told.out, /crawling|^with/m);
});

test('an experiment that says that it retries is measured, and its requests are counted', () => {
  const { status, samples } = recordOf('retrying');
  assert.equal(status, 'ok');
  assert.ok(samples.some(({ target }) => target.requests === 11));
});

test('a row that blocks its process has one sentence, and the others are measured', {
  skip: skipSlow,
  timeout: 240_000,
}, async () => {
  const { code, err } = await run('bench', 'blocking', '--profile', 'smoke', '--project', project);
  assert.equal(code, 1);
  assert.match(err, /concurrency 10: misbehaving\/blocking\.overlap\.ts gave no sign of life for 62 s\.$/m);
  const { variants } = recordOf('blocking');
  assert.deepEqual(
    variants.map(({ error }) => error !== undefined),
    [false, false, true],
  );
});

test('nothing appears in the repository but the results', () => {
  assert.ok(existsSync(join(project, 'results')));
  assert.equal(existsSync(join(project, 'node_modules/.cache')), false);
  assert.equal(readFileSync(join(project, 'src/crawl.ts'), 'utf8').length > 0, true);
});
