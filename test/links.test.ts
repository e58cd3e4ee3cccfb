import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { noGit } from './fixtures/git.ts';
import { anchorsOf, linksOf } from './fixtures/markdown.ts';
import { filesInGit } from './fixtures/tracked.ts';

const ROOT = join(import.meta.dirname, '..');
const pages = noGit ? [] : filesInGit(/\.md$/);

for (const { path, text } of pages)
  test(`every link of ${path} leads to a file, and to a heading of it`, () => {
    for (const link of linksOf(text)) {
      if (/^(https?|mailto):/.test(link)) continue;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), decodeURIComponent(file));
      assert.ok(!relative(ROOT, join(ROOT, target)).startsWith('..'), `${link} leads out of the repository`);
      assert.ok(existsSync(join(ROOT, target)), `${link}: there is no ${target}`);
      if (anchor === undefined) continue;
      assert.ok(target.endsWith('.md') && statSync(join(ROOT, target)).isFile(), `${link} has an anchor`);
      const anchors = anchorsOf(readFileSync(join(ROOT, target), 'utf8'));
      assert.ok(
        anchors.has(anchor),
        `${link}: ${target} has no such heading, but ${[...anchors].join(', ')}`,
      );
    }
  });

test('links are found at all', { skip: noGit }, () => {
  const links = pages.flatMap(({ text }) => linksOf(text));
  assert.ok(links.length > 50);
  assert.ok(links.some((link) => link.includes('#')));
});

test('links and headings are found as GitHub finds them', () => {
  const page = [
    '# A `title`',
    '## Twice',
    '## Twice',
    '```',
    '# a comment [no](link.md)',
    '```',
    '[a](b.md#c) `[code](no.md)` ![d](e.png "with a title") <img src="f.png"> \\[none\\](g.md)',
  ].join('\n');
  assert.deepEqual([...anchorsOf(page)], ['a-title', 'twice', 'twice-1']);
  assert.deepEqual(linksOf(page), ['b.md#c', 'e.png', 'f.png']);
});
