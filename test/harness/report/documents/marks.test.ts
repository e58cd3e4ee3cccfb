import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anchorOf } from '../../../../harness/report/documents/documents.ts';
import { fillMarks, MarkError, marked } from '../../../../harness/report/documents/marks.ts';

const parts = new Map([
  ['answer', () => 'It is 42.'],
  ['chosen', (words: readonly string[]) => words.join(' and ')],
]);
const fill = (text: string, required: readonly string[] = []) =>
  fillMarks('docs/page.md', text, parts, required);

test('text between marks is regenerated, and all other text stays', () => {
  const page = `# Title\n\n${marked('answer', 'It was 41.')}\n\nBy hand, with $& and $1.\n`;
  const filled = fill(page, ['answer']);
  assert.equal(filled, `# Title\n\n${marked('answer', 'It is 42.')}\n\nBy hand, with $& and $1.\n`);
  assert.equal(fill(filled, ['answer']), filled);
});

test('a mark may choose', () => {
  assert.equal(
    fill(marked('chosen crawl database', '')),
    marked('chosen crawl database', 'crawl and database'),
  );
});

test('a mark for a part that does not exist, and a page without a required one, are errors', () => {
  assert.throws(
    () => fill(marked('anwser', '')),
    new MarkError(
      'docs/page.md has a mark for the part "anwser", which does not exist; there is answer, chosen.',
    ),
  );
  assert.throws(() => fill('By hand.\n', ['answer']), /docs\/page\.md lacks the marks of answer: /);
});

test('anchors are those of GitHub', () => {
  assert.equal(anchorOf('Hash and save'), 'hash-and-save');
  assert.equal(anchorOf('ready: the first line'), 'ready-the-first-line');
  assert.equal(anchorOf('Which client, which `limiter`?'), 'which-client-which-limiter');
});
