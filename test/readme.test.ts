import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const readme = read('README.md');

test('the table of the README is that of the reference results', () => {
  const [, shown] = /<!-- results\/reference\/summary\.md -->\n([\s\S]*?)<!-- end -->/.exec(readme) ?? [];
  const summary = read('results/reference/summary.md');
  assert.ok(shown !== undefined && shown.trim().length > 0);
  assert.ok(summary.includes(shown.trim()));
});

test('every file that the README links to is there', () => {
  const links = [...readme.matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => path!);
  assert.ok(links.length > 2);
  for (const path of links) assert.ok(existsSync(join(ROOT, path)), path);
});

test('every npm command of the README exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const commands = [...readme.matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name!);
  assert.ok(commands.length > 3);
  for (const name of commands) assert.ok(name in scripts, name);
});
