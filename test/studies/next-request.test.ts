import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { skipSlow } from '../fixtures/slow.ts';

const STUDY = join(import.meta.dirname, '../../studies/undici/next-request.ts');

test('it tells for each way how long the next request waits, which is not at all where it is pipelined', {
  skip: skipSlow,
}, async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--no-warnings', STUDY]);
  const lines = stdout.trim().split('\n');
  const others = lines.map((line) => Number(/while (\d+) other answers are read$/.exec(line)?.[1]));
  assert.equal(lines.length, 3);
  for (const count of others) assert.ok(count <= 99, stdout);
  assert.equal(others[2], 0, stdout);
});
