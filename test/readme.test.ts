import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const readme = read('README.md');

test('every npm command of the README exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const commands = [...readme.matchAll(/npm run (?:-s )?(\w[\w-]*)/g)].map(([, name]) => name!);
  assert.ok(commands.length > 3);
  for (const name of commands) assert.ok(name in scripts, name);
});
