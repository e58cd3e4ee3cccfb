import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { documentsOfProject } from '../scripts/docs.ts';
import { catalog, project } from './fixtures/project.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const pages = await documentsOfProject(project);

for (const [path, text] of pages)
  test(`${path} is what npm run docs makes of the reference results`, () => {
    assert.equal(read(path), text, 'run npm run docs, and commit the pages');
  });

/** A new experiment is one new file: it has a page when it has a reference run. */
const measured = catalog.filter(({ id }) => existsSync(join(project.results, 'reference', `${id}.json`)));

test('every experiment with a reference run has a page, whose hand-written parts are filled', () => {
  assert.ok(measured.length > 0);
  for (const { id } of measured) {
    const text = pages.get(join('docs/experiments', `${id}.md`));
    assert.ok(text !== undefined, id);
    assert.doesNotMatch(text, /^## .*\n+(## |$(?![\s\S]))/m, `${id}: a heading with nothing below it`);
    assert.doesNotMatch(text, /NaN|undefined|\[object|-0\.0/, id);
  }
});

test('the results page has the numbers of each experiment', () => {
  const text = pages.get(join('docs', 'results.md'))!;
  for (const { id, experiment } of measured) {
    assert.ok(text.includes(`\n## ${experiment.title}\n`), id);
    assert.ok(text.includes(`](experiments/${id}.md)`), id);
  }
  assert.equal(text.split('<details>').length - 1, measured.length);
});

test('the reference summary fits a comment on a pull request, and the page 2 MB', () => {
  assert.ok(read('results/reference/summary.md').length < 65_536);
  assert.ok(read('results/reference/report.html').length < 2_000_000);
});
