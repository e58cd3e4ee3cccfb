import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import {
  RecordError,
  readRecord,
  readRecords,
  recordFiles,
  writeRecord,
} from '../../../harness/record/record-files.ts';
import { madeUpRecord, TENFOLD } from '../../fixtures/record.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-record-'));
after(() => rmSync(scratch, { recursive: true }));
/** A directory of its own for each test. */
let directory: string;
let file: string;
beforeEach(() => {
  directory = mkdtempSync(join(scratch, 'results-'));
  file = join(directory, 'crawl.json');
});
const record = madeUpRecord(TENFOLD);
const text = JSON.stringify(record);

test('a written record is read again', () => {
  writeRecord(directory, record);
  assert.deepEqual(readRecord(file), record);
  assert.deepEqual(readRecords(directory), [record]);
});

test('records are read in the order that is asked for, and others by their names after them', () => {
  for (const id of ['b', 'c', 'a', 'd']) writeRecord(directory, madeUpRecord(TENFOLD, { id }));
  const idsOf = (order?: readonly string[]) =>
    readRecords(directory, order).map(({ experiment }) => experiment.id);
  assert.deepEqual(idsOf(), ['a', 'b', 'c', 'd']);
  assert.deepEqual(idsOf(['d', 'nothing', 'b']), ['d', 'b', 'a', 'c']);
});

test('a record is read with and without variables, and with a commit whose changes are unknown', () => {
  const variables = { set: { NODE_OPTIONS: '--expose-gc', LD_PRELOAD: null }, dropped: ['http_proxy'] };
  const git = { commit: '0123456789abcdef', dirty: null };
  const newer = { ...record, environment: { ...record.environment, git, variables } };
  writeRecord(directory, newer);
  assert.deepEqual(readRecord(file), newer);
  assert.equal(record.environment.variables, undefined);
});

test('files of records differ from other files, and from records without samples', () => {
  assert.deepEqual(recordFiles(join(directory, 'nothing')), []);
  writeRecord(directory, record);
  assert.deepEqual(recordFiles(directory), [{ file, experimentId: 'crawl', measured: true }]);
  writeRecord(directory, { ...record, samples: [] });
  assert.deepEqual(recordFiles(directory), [{ file, experimentId: 'crawl', measured: false }]);
  writeFileSync(join(directory, 'package.json'), '{}');
  assert.throws(() => recordFiles(directory), /package\.json is not a record of an earlier run/);
});

for (const [what, damaged] of [
  ['cut short', text.slice(0, text.length / 2)],
  ['empty', ''],
  ['no JSON', 'hello'],
  ['JSON of something else', '[1, 2]'],
  ['null', 'null'],
  ['of another schema version', text.replace(/"schemaVersion":\d+/, '"schemaVersion":99')],
  ['without samples', JSON.stringify({ ...record, samples: undefined })],
  ['with a time that is text', text.replace(/"wallMs":[\d.]+/, '"wallMs":"fast"')],
  ['with a negative time', text.replace(/"wallMs":/, '"wallMs":-')],
  ['with an id that is a path', text.replace('"id":"crawl"', '"id":"../crawl"')],
  ['of another name', text.replace('"id":"crawl"', '"id":"other"')],
  ['with a sample of no variant', text.replace('"variant":1', '"variant":7')],
])
  test(`a record ${what} is refused with a sentence that names the file`, () => {
    writeFileSync(file, damaged!);
    assert.throws(
      () => readRecord(file),
      (error: Error) =>
        error instanceof RecordError && error.message.startsWith(file) && /\.$/.test(error.message),
    );
  });

test('a missing file is refused, too', () => {
  assert.throws(() => readRecord(join(directory, 'nothing.json')), RecordError);
});
