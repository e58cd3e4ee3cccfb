import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeFileWhole } from '../../harness/whole-file.ts';

const scratch = mkdtempSync(join(tmpdir(), 'overlap-whole-file-'));
after(() => rmSync(scratch, { recursive: true }));
const WHOLE_FILE = join(import.meta.dirname, '../../harness/whole-file.ts');

test('on a full disk, the old content stays, and one sentence reports it', () => {
  const directory = join(scratch, 'full');
  mkdirSync(directory);
  const file = join(directory, 'record.json');
  writeFileSync(file, 'the earlier one');
  const program = `
    import { writeFileWhole } from ${JSON.stringify(WHOLE_FILE)};
    try { writeFileWhole(process.argv[1], 'x'.repeat(100_000)); } catch (error) { console.log(error.message); }`;
  // A limit of a file's size stands for a disk that becomes full: the first write is cut short.
  const { stdout } = spawnSync(
    'sh',
    ['-c', 'ulimit -f 8 && exec "$0" --input-type=module -e "$1" "$2"', process.execPath, program, file],
    { encoding: 'utf8' },
  );
  assert.match(stdout, /^\S+record\.json cannot be written: EFBIG: .*\.\n$/);
  assert.equal(readFileSync(file, 'utf8'), 'the earlier one');
  assert.deepEqual(readdirSync(directory), ['record.json']);
});

test('a file is replaced with its permissions, and a link to it stays one', () => {
  const [file, link] = [join(scratch, 'file'), join(scratch, 'link')];
  writeFileSync(file, 'before');
  chmodSync(file, 0o600);
  symlinkSync(file, link);
  writeFileWhole(link, 'after');
  assert.equal(readFileSync(file, 'utf8'), 'after');
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

test('a device is written to, and stays one', () => {
  writeFileWhole('/dev/null', 'text');
  assert.ok(!statSync('/dev/null').isFile());
});

test('a missing folder, and an empty name, are reported in one sentence', () => {
  assert.throws(
    () => writeFileWhole(join(scratch, 'none/file'), ''),
    /none\/file cannot be written: ENOENT: /,
  );
  assert.throws(() => writeFileWhole('', ''), { message: 'A file to write must have a name.' });
});
