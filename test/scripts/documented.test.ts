import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { writeRecord } from '../../harness/record/record-files.ts';
import { madeUpRecord, TENFOLD } from '../fixtures/record.ts';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** What a person copies from a page: the lines of its blocks of code that run a script, without their comments. */
const printed = ['README.md', 'ARCHITECTURE.md']
  .flatMap((file) => read(file).split('\n'))
  .filter((line) => /^ {4}.*npm run/.test(line))
  .map((line) => line.replace(/ # .*/, '').trim());
const inFiles = [...globSync('.github/workflows/*', { cwd: ROOT }), '.ci/run']
  .flatMap((file) => read(file).split('\n'))
  .filter((line) => /npm run/.test(line) && !/^\s*#/.test(line));

test("where what a script prints goes to a file or a program, npm's own lines do not", () => {
  const passedOn = [...printed, ...inFiles].filter((line) =>
    /npm run [^|>]*[|>]|\$\([^)]*npm run/.test(line),
  );
  assert.ok(passedOn.length > 0);
  for (const line of passedOn) assert.match(line, /npm run (-s|--silent) /, line);
});

/** What is quick and ends by itself; other commands have tests of their own. */
const QUICK = /^npm run (-s )?(export|charts|book|bench -- --list)\b/;
const commands = printed.filter((line) => QUICK.test(line));
const outputs = new Map([
  ['bencher.json', (text: string) => assert.ok('crawl/serial' in JSON.parse(text))],
  [
    'new.txt',
    (text: string) => assert.match(text, /^goos: \w+\n[\s\S]*^BenchmarkCrawl\/serial 1 \d+ ns\/op\n/m),
  ],
]);
const copy = mkdtempSync(join(tmpdir(), 'overlap-documented-'));
after(() => rmSync(copy, { recursive: true }));

/** Commands find their results beside themselves, so that a copy of all of them has its own. */
before(() => {
  for (const name of ['benchmarks', 'harness', 'scripts', 'server', 'package.json'])
    cpSync(join(ROOT, name), join(copy, name), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'), 'junction');
  for (const name of ['latest', 'baseline', 'reference']) {
    mkdirSync(join(copy, 'results', name), { recursive: true });
    const profile = name === 'reference' ? 'book' : 'quick';
    writeRecord(join(copy, 'results', name), { ...madeUpRecord(TENFOLD), profile });
  }
  cpSync(join(ROOT, 'results/book.json'), join(copy, 'results/book.json'));
});

const withoutNpm =
  spawnSync('npm', ['--version']).error === undefined ? false : 'there is no npm here, which runs them';
for (const command of commands)
  test(`${command} does what is printed of it`, { skip: withoutNpm }, () => {
    const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: copy, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
    const [, file] = /(?:> |--out )(\S+)/.exec(command) ?? [];
    if (file !== undefined) outputs.get(file)!(readFileSync(join(copy, file), 'utf8'));
  });

test('the commands are found, with those that write each of the files', () => {
  assert.ok(commands.length > 5);
  for (const file of outputs.keys())
    assert.ok(
      commands.some((command) => command.includes(file)),
      file,
    );
});
