import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type BookFigures, bookTables } from '../harness/report/book.ts';
import type { Summary } from '../harness/report/summary.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const readme = read('README.md');
/** What summary.json has of an experiment. */
interface Quoted {
  readonly id: string;
  readonly finding: string;
  readonly peersFinding: string;
}
const summary = JSON.parse(read('results/reference/summary.json'));

test('the table of the README is that of the reference results', () => {
  const [, shown] = /<!-- results\/reference\/summary\.md -->\n([\s\S]*?)<!-- end -->/.exec(readme) ?? [];
  assert.ok(shown !== undefined && shown.trim().length > 0);
  // The README sets columns below each other, for those who read its source.
  const squeezed = (text: string) => text.replace(/ +/g, ' ').replace(/-+/g, '-');
  assert.ok(squeezed(read('results/reference/summary.md')).includes(squeezed(shown.trim())));
});

test('the reference summary fits a comment on a pull request, and the page 2 MB', () => {
  assert.ok(read('results/reference/summary.md').length < 65_536);
  assert.ok(read('results/reference/report.html').length < 2_000_000);
});

test("the tables beside the book's are those of the reference results", () => {
  const [, shown] = /<!-- npm run book -->\n([\s\S]*?)<!-- end -->/.exec(readme) ?? [];
  const book: BookFigures = JSON.parse(read('results/book.json'));
  assert.equal(shown?.trim(), bookTables(summary as Summary, book));
});

test('the README quotes each finding of the reference results', () => {
  // In summary.json a finding is its headline, as it has always been.
  for (const { id, finding, peersFinding } of summary.experiments as readonly Quoted[])
    for (const sentence of [finding, peersFinding]) assert.ok(readme.includes(sentence), id);
});

test('every file that the README links to is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)(#[^)]*)?\)/g)].map(([, path]) => path!);
  assert.ok(links.length > 2);
  for (const path of links) assert.ok(existsSync(join(ROOT, path)), path);
});

test('every npm command of the README exists', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const commands = [...readme.matchAll(/npm run (?:-s )?(\w[\w-]*)/g)].map(([, name]) => name!);
  assert.ok(commands.length > 3);
  for (const name of commands) assert.ok(name in scripts, name);
});
