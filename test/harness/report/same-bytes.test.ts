import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';

const PROGRAM = join(import.meta.dirname, '../../fixtures/write-whole-report.ts');
const scratch = mkdtempSync(join(tmpdir(), 'overlap-bytes-'));
after(() => rmSync(scratch, { recursive: true }));

/** What a process of its own writes: each file's hash by its name. */
async function written(env: Readonly<Record<string, string>>): Promise<Record<string, string>> {
  const directory = mkdtempSync(join(scratch, 'results-'));
  await promisify(execFile)(process.execPath, [PROGRAM, directory], { env: { ...process.env, ...env } });
  const files = globSync('**/*.*', { cwd: directory }).sort();
  return Object.fromEntries(
    files.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(directory, name)))
        .digest('hex'),
    ]),
  );
}

test('two processes make the same bytes of the same records, wherever and in whatever language they run', async () => {
  const one = await written({ TZ: 'UTC', LANG: 'C', COLUMNS: '80' });
  const other = await written({
    TZ: 'Asia/Tokyo',
    LANG: 'de_DE.UTF-8',
    LC_ALL: 'de_DE.UTF-8',
    COLUMNS: '200',
  });
  assert.deepEqual(other, one);
  const charts = [
    'elsewhere',
    'elsewhere-timeline',
    'elsewhere-lines',
    'interrupted',
    'interrupted-timeline',
  ];
  assert.deepEqual(
    Object.keys(one).sort(),
    [
      ...charts.flatMap((name) => [`charts/${name}.png`, `charts/${name}.svg`]),
      ...['report.html', 'summary.csv', 'summary.json', 'summary.md'],
    ].sort(),
  );
});
