import assert from 'node:assert/strict';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readRecords, writeRecord } from '../../harness/record/record-files.ts';
import type { RunRecord } from '../../harness/record/schema.ts';
import type { Comparison } from '../../harness/report/comparison/comparison.ts';
import { main } from '../../scripts/compare.ts';
import { callHere, run, start } from '../fixtures/command.ts';
import { commitAll, noGit } from '../fixtures/git.ts';
import { madeUpRecord } from '../fixtures/record.ts';

const ROOT = join(import.meta.dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'overlap-compare-'));
after(() => rmSync(scratch, { recursive: true }));

function keep(name: string, record: RunRecord): string {
  const directory = join(scratch, name);
  mkdirSync(directory, { recursive: true });
  writeRecord(directory, record);
  return directory;
}

const times = (factor: number) =>
  [100, 101, 99, 102, 98, 100.5, 99.7].map((ms, index) => [ms, (ms * factor) / (10 + index / 100)] as const);
const before = keep('before', madeUpRecord(times(1)));
const slower = keep('slower', madeUpRecord(times(1.2)));

const summaryFile = join(scratch, 'step-summary.md');

/** Calls the command as a step of a workflow does that has a summary. */
async function compare(...args: string[]) {
  const before = process.env.GITHUB_STEP_SUMMARY;
  process.env.GITHUB_STEP_SUMMARY = summaryFile;
  try {
    return await callHere(main, ...args);
  } finally {
    if (before === undefined) delete process.env.GITHUB_STEP_SUMMARY;
    else process.env.GITHUB_STEP_SUMMARY = before;
  }
}

test('a regression exits with 3, the same run with 0, and both write the requested files', async () => {
  const [markdown, json] = [join(scratch, 'table.md'), join(scratch, 'comparison.json')];
  const regressed = await compare(before, slower, '--markdown', markdown, '--json', json);
  assert.equal(regressed.code, 3, regressed.err);
  assert.match(regressed.out, /promise-all.*regressed/);
  assert.match(readFileSync(markdown, 'utf8'), /\| regressed +\|/);
  assert.equal(JSON.parse(readFileSync(json, 'utf8')).rows[0].verdict, 'regressed');
  assert.equal(readFileSync(summaryFile, 'utf8'), readFileSync(markdown, 'utf8'));
  assert.equal((await compare(before, before)).code, 0);
  assert.equal((await compare(before, slower, '--margin', '0.5')).code, 0);
});

test('the process ends with the exit code', async () => {
  assert.equal((await run('compare', before, slower)).code, 3);
});

/** Copies what comparing needs of Overlap to a folder: a comparison runs the bench of its own repository. */
function copyOverlap(root: string): void {
  for (const part of ['harness', 'scripts', 'server', 'package.json'])
    cpSync(join(ROOT, part), join(root, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'), 'junction');
}

/** A copy of Overlap whose bench gives a record that is there already, in place of measuring. */
function overlapMeasuring(name: string, record: RunRecord): string {
  const root = keep(name, record);
  copyOverlap(root);
  writeFileSync(
    join(root, 'scripts/bench.ts'),
    `import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
    const [, , id] = process.argv;
    const out = process.argv[process.argv.indexOf('--out') + 1]!;
    writeFileSync('asked.json', JSON.stringify(process.argv.slice(2)));
    mkdirSync(out, { recursive: true });
    copyFileSync(id + '.json', out + '/' + id + '.json');`,
  );
  return root;
}

for (const [what, again, code, verdict] of [
  ['what regresses again is a regression', 1.2, 3, 'regressed'],
  ['a row that does not regress again is not a regression', 1, 0, 'not confirmed'],
] as const)
  test(`--confirm: ${what}`, async () => {
    const overlap = overlapMeasuring(`overlap-${code}`, madeUpRecord(times(again)));
    const json = join(scratch, 'confirm.json');
    const given = ['--confirm', '--json', json];
    const said = await start('compare', [before, slower, ...given], overlap).ended;
    assert.deepEqual(
      [said.code, said.err],
      [code, 'Regressed, and measured again in fresh processes: crawl.\n'],
    );
    const { rows } = JSON.parse(readFileSync(json, 'utf8'));
    assert.deepEqual(
      rows.map((row: { variant: string; verdict: string }) => [row.variant, row.verdict]),
      [['promise-all', verdict]],
    );
    assert.match(said.out, new RegExp(`promise-all.*${verdict}`));
    const asked = JSON.parse(readFileSync(join(overlap, 'asked.json'), 'utf8'));
    assert.deepEqual(asked.slice(0, 5), ['crawl', '--profile', 'quick', '--rounds', '7']);
    // Nothing is measured again where nothing regressed.
    rmSync(join(overlap, 'asked.json'));
    assert.equal((await start('compare', [before, before, ...given], overlap).ended).code, 0);
    assert.equal(existsSync(join(overlap, 'asked.json')), false);
  });

/** A repository whose bench gives a record that is there already; the working tree has a slower row than the commit. */
function repositoryWithSlowerRow(name: string): string {
  const record = madeUpRecord([[100, 10]]);
  const steady = record.samples.filter(({ variant }) => variant === 1).map((one) => ({ ...one, variant: 2 }));
  const root = keep(name, {
    ...record,
    variants: [...record.variants, { ...record.variants[1]!, id: 'semaphore@5' }],
    samples: [...record.samples, ...steady],
  });
  copyOverlap(root);
  writeFileSync(join(root, 'package-lock.json'), '{}');
  writeFileSync(join(root, '.gitignore'), 'results\nnode_modules\nasked.txt');
  writeFileSync(join(root, 'slower.json'), '1');
  writeFileSync(
    join(root, 'scripts/bench.ts'),
    `import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
    if (process.argv.includes('--on-request')) process.exit(1);
    const out = process.argv[process.argv.indexOf('--out') + 1]!;
    const { variants, samples, ...record } = JSON.parse(readFileSync('crawl.json', 'utf8'));
    const rows = process.env.OVERLAP_ROWS ? JSON.parse(process.env.OVERLAP_ROWS) : null;
    const asked = rows?.map(({ variant, repeats }) => [variant, repeats ?? 1]);
    appendFileSync('asked.txt', JSON.stringify(asked ?? null) + '\\n');
    const slower = Number(readFileSync('slower.json', 'utf8'));
    const repeats = variants.map(({ id }) => (rows === null ? 1 : asked.find(([name]) => name === id)?.[1] ?? 0));
    const positions = variants.keys().filter((index) => repeats[index] > 0).toArray();
    const kept = positions.map((index) => ({
      ...variants[index],
      ...(repeats[index] > 1 ? { repeats: repeats[index] } : {}),
    }));
    const measured = samples.flatMap((sample) =>
      Array.from({ length: repeats[sample.variant] }, (_, index) => ({
        ...sample,
        ...(index > 0 ? { repeat: index + 1 } : {}),
        variant: positions.indexOf(sample.variant),
        wallMs: sample.variant === 1 ? sample.wallMs * slower : sample.wallMs,
      })),
    );
    mkdirSync(out, { recursive: true });
    writeFileSync(out + '/crawl.json', JSON.stringify({ ...record, variants: kept, samples: measured, traces: [] }));`,
  );
  commitAll(root);
  writeFileSync(join(root, 'slower.json'), '1.2');
  return root;
}

test('--base: what regressed is measured again alone, with its baseline', { skip: noGit }, async () => {
  const root = repositoryWithSlowerRow('repository');
  const json = join(scratch, 'alone.json');
  const { code, out, err } = await start('compare', ['--base', 'HEAD', '--json', json], root).ended;
  assert.equal(code, 3, err + out);
  assert.match(err, /^Regressed, and measured again: crawl, promise-all\.$/m);
  assert.match(out, /^Regressed again when measured again: crawl, promise-all\.$/m);
  const asked = readFileSync(join(root, 'asked.txt'), 'utf8').trimEnd().split('\n');
  // A row of 12 ms repeats as often as a row may. The baseline is the A/A pair, too.
  const alone = JSON.stringify([
    ['promise-all', 16],
    ['serial', 1],
  ]);
  assert.deepEqual(asked, [...Array(6).fill('null'), ...Array(6).fill(alone)]);
  const { rows } = JSON.parse(readFileSync(json, 'utf8')) as Comparison;
  assert.deepEqual(
    rows.map(({ variant, verdict, again }) => [variant, verdict, again?.rounds.after ?? null]),
    [
      ['serial', 'unchanged', null],
      ['promise-all', 'regressed', 6],
      ['semaphore@5', 'unchanged', null],
    ],
  );
  assert.ok(Math.abs(rows[1]!.again!.after.value - 10 / 1.2) < 1e-9);
  assert.equal(readRecords(join(root, 'results/compare/after'))[0]!.rounds, 6);
});

test('--base: what is surely twice as slow is not measured again, and is a regression', {
  skip: noGit,
}, async () => {
  const root = repositoryWithSlowerRow('much-slower');
  writeFileSync(join(root, 'slower.json'), '3');
  const json = join(scratch, 'much-slower.json');
  const { code, out, err } = await start('compare', ['--base', 'HEAD', '--json', json], root).ended;
  assert.equal(code, 3, err + out);
  assert.doesNotMatch(err, /measured again/);
  assert.match(out, /^At least twice as slow, so not measured again: crawl, promise-all\.$/m);
  const asked = readFileSync(join(root, 'asked.txt'), 'utf8').trimEnd().split('\n');
  assert.deepEqual(asked, Array(6).fill('null'));
  const { rows, again } = JSON.parse(readFileSync(json, 'utf8')) as Comparison;
  assert.deepEqual(
    rows.map(({ verdict }) => verdict),
    ['unchanged', 'regressed', 'unchanged'],
  );
  assert.deepEqual(again, { confirmed: [], refuted: [], unneeded: ['crawl, promise-all'] });
});

test('without a baseline it ends with 2, with a damaged one with 1, each in one sentence', async () => {
  const missing = await compare(join(scratch, 'nothing'), slower);
  assert.equal(missing.code, 2);
  assert.match(missing.err, /^There are no results in .*\n$/);
  const damaged = keep('damaged', madeUpRecord(times(1)));
  writeFileSync(join(damaged, 'crawl.json'), '{"schemaVersion":');
  const broken = await compare(damaged, slower);
  assert.equal(broken.code, 1);
  assert.match(broken.err, /^.*crawl\.json is not JSON, or was cut short: .*\n$/);
});

test('an experiment that errored is named, and ends with 1, or 3 beside a regression, or 2 where nothing is left', async () => {
  const lost: Pick<RunRecord, 'status' | 'reason' | 'samples'> = {
    status: 'errored',
    reason: 'A sample hung.',
    samples: [],
  };
  const both = (name: string, factor: number, given: Partial<RunRecord> = {}) => {
    keep(name, { ...madeUpRecord(times(1), { id: 'yielding' }), ...given });
    return keep(name, madeUpRecord(times(factor)));
  };
  const whole = both('both', 1);
  const errored = await compare(whole, both('errored', 1, lost));
  assert.equal(errored.code, 1, errored.err);
  assert.match(errored.out, /^yielding errored now: A sample hung\.$/m);
  assert.match(errored.out, /promise-all.*unchanged/);
  assert.equal((await compare(whole, both('errored-and-slower', 1.2, lost))).code, 3);
  const nothing = await compare(before, keep('nothing-left', { ...madeUpRecord(times(1)), ...lost }));
  assert.equal(nothing.code, 2);
  assert.match(nothing.err, /^The two runs share no row .*: crawl errored now: A sample hung\.\n$/);
});

test('where no row has rounds enough for a verdict it ends with 2, and says how many it takes', async () => {
  const few = (name: string, factor: number) => keep(name, madeUpRecord(times(factor).slice(0, 3)));
  const { code, out } = await compare(few('few', 1), few('few-and-slower', 10));
  assert.equal(code, 2);
  assert.match(out, /measure at least 6 on each\s+side, as npm run bench -- --rounds 6 does\./);
});

test('an invalid margin is refused', async () => {
  for (const margin of ['0', '1', '-0.1', '5%', 'NaN']) {
    const { code, err } = await compare(before, slower, `--margin=${margin}`);
    assert.equal(code, 1);
    assert.match(err, /It must be a share above 0 and below 1/);
  }
});
