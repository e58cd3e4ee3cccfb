import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { modulesIn } from '../../harness/folder-modules.ts';

const folder = mkdtempSync(join(tmpdir(), 'overlap-modules-'));
after(() => rmSync(folder, { recursive: true }));
const imported: string[] = [];
Object.assign(globalThis, { overlapImported: imported });

test('the files of a folder come in the given order, then by name, and are imported on demand', async () => {
  for (const name of ['b.ts', 'a.js', 'c-d.ts', 'z.ts'])
    writeFileSync(join(folder, name), `overlapImported.push('${name}'); export default '${name}';`);
  writeFileSync(join(folder, 'bare.ts'), 'export const nothing = 0;');
  for (const name of ['types.d.ts', 'notes.md', 'data.json']) writeFileSync(join(folder, name), '');
  mkdirSync(join(folder, 'inner'));

  const found = modulesIn(folder, ['z', 'absent', 'c-d']);
  assert.deepEqual(
    found.map(({ name }) => name),
    ['z', 'c-d', 'a', 'b', 'bare'],
  );
  assert.deepEqual(imported, []);
  assert.equal(found[0]!.file, join(folder, 'z.ts'));
  assert.equal(await found[1]!.load(), 'c-d.ts');
  assert.deepEqual(imported, ['c-d.ts']);
  assert.equal(await found[4]!.load(), undefined);
});
