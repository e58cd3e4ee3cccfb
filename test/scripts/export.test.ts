import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeRecord } from '../../harness/record/record-files.ts';
import type { RunRecord } from '../../harness/record/schema.ts';
import { main as book } from '../../scripts/book.ts';
import { main as charts } from '../../scripts/charts.ts';
import { main as exportRun } from '../../scripts/export.ts';
import { callHere } from '../fixtures/command.ts';
import { madeUpRecord, TENFOLD } from '../fixtures/record.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-export-'));
after(() => rmSync(scratch, { recursive: true }));
let directories = 0;

/** A directory with the records of one run. */
function results(...records: readonly RunRecord[]): string {
  const directory = join(scratch, `run-${++directories}`);
  mkdirSync(directory);
  for (const record of records) writeRecord(directory, record);
  return directory;
}

const whole = madeUpRecord(TENFOLD);
const errored: RunRecord = {
  ...madeUpRecord([], { id: 'clients' }),
  rounds: 6,
  status: 'errored',
  reason: 'The target was killed by SIGKILL.',
};

test('a run without a finished round is refused in one sentence, and writes nothing', async () => {
  const directory = results(errored);
  const out = join(scratch, 'none.json');
  for (const args of [[], ['--out', out]]) {
    const result = await callHere(exportRun, 'bencher', directory, ...args);
    assert.deepEqual(result, {
      code: 1,
      out: '',
      err:
        `There is nothing to export in ${directory}: clients is left out, since it errored: ` +
        'The target was killed by SIGKILL.\n',
    });
  }
  assert.equal(existsSync(out), false);
});

test('an experiment that errored is named on standard error, and the others are exported', async () => {
  const { code, out, err } = await callHere(exportRun, 'bencher', results(whole, errored));
  assert.equal(code, 0);
  assert.deepEqual(Object.keys(JSON.parse(out)), ['crawl/serial', 'crawl/promise-all']);
  assert.equal(err, 'Warning: clients is left out, since it errored: The target was killed by SIGKILL.\n');
});

test('if standard error cannot be written, it exits with 1', {
  skip: !existsSync('/dev/full') && 'there is no /dev/full here',
}, () => {
  const command = 'exec "$0" scripts/export.ts bencher "$1" 2> /dev/full';
  const root = join(import.meta.dirname, '../..');
  const args = ['-c', command, process.execPath, results(whole, errored)];
  assert.equal(spawnSync('sh', args, { cwd: root }).status, 1);
});

test('--out gets what is printed otherwise', async () => {
  const directory = results(whole);
  const out = join(scratch, 'out.json');
  const printed = await callHere(exportRun, 'hyperfine', directory);
  const written = await callHere(exportRun, 'hyperfine', directory, '--out', out);
  assert.deepEqual(written, { code: 0, out: '', err: '' });
  assert.equal(readFileSync(out, 'utf8'), printed.out);
});

test('an unknown format, and a file that cannot be written, are refused in one sentence', async () => {
  const directory = results(whole);
  const unknown = await callHere(exportRun, 'junit', directory);
  assert.equal(unknown.code, 1);
  assert.match(unknown.err, /^error: .*It must be one of bencher, benchstat, .*\.\n$/);
  const nowhere = await callHere(exportRun, 'csv', directory, '--out', join(directory, 'none/out.csv'));
  assert.equal(nowhere.code, 1);
  assert.match(nowhere.err, /^\S+out\.csv cannot be written: ENOENT: .*\.\n$/);
  assert.deepEqual(readdirSync(directory), ['crawl.json']);
});

test('book and charts name what errored, too; where nothing is left for the book, it ends with 1', async () => {
  const inBook = (record: RunRecord): RunRecord => ({ ...record, profile: 'book' });
  const broken = inBook({ ...errored, experiment: { ...errored.experiment, id: 'concurrency' } });
  const directory = results(inBook(whole), broken, inBook(errored));
  const sentence = (id: string) => `${id} is left out, since it errored: The target was killed by SIGKILL.\n`;
  const beside = await callHere(book, directory);
  assert.deepEqual([beside.code, beside.err], [0, `Warning: ${sentence('concurrency')}`]);
  assert.match(beside.out, /^\| 1000 requests of 100 ms /);
  const drawn = await callHere(charts, directory);
  assert.equal(drawn.code, 0);
  assert.equal(drawn.err, `Warning: ${sentence('concurrency')}Warning: ${sentence('clients')}`);
  const nothing = results(broken);
  const { code, out, err } = await callHere(book, nothing);
  assert.deepEqual(
    [code, out, err],
    [1, '', `Nothing in ${nothing} can be compared with the book: ${sentence('concurrency')}`],
  );
});
