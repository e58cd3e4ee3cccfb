import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { experimentOf } from '../harness/measure/plan/catalog.ts';
import { readRecords } from '../harness/record/record-files.ts';
import { digestOf } from '../harness/report/digest.ts';
import { summarise } from '../harness/report/summary.ts';
import { findingsIn, rowNotes, skippedLines } from '../harness/report/table.ts';
import type { Main } from '../scripts/command.ts';
import { callHere } from './fixtures/command.ts';
import { noGit } from './fixtures/git.ts';
import { countWords, type Fault, longSentencesIn, proseOfCode, riddlesIn } from './fixtures/plain-words.ts';
import { catalog, project } from './fixtures/project.ts';
import { filesInGit } from './fixtures/tracked.ts';

const ROOT = join(import.meta.dirname, '..');
const README = { lines: 150, words: 1200 };

/** Files and folders that are not reworded yet, by the starts of their paths. */
const NOT_YET: readonly string[] = [];

const files = noGit ? [] : filesInGit(/\.(md|ts|js|py)$/).filter(({ path }) => !path.startsWith('results/'));
const isDue = (path: string) => !NOT_YET.some((start) => path.startsWith(start));

function assertPlain(place: string, faults: readonly Fault[]): void {
  const lines = faults.map(({ line, text }) => `${place}:${line}: ${text}`);
  assert.equal(lines.length, 0, `\n${lines.join('\n')}`);
}

for (const [folder, members] of Map.groupBy(files, ({ path }) => /^(\w+\/)?/.exec(path)![0]))
  test(`${folder === '' ? 'files beside README' : folder} has plain words`, () => {
    const due = members.filter(({ path }) => isDue(path));
    const faults = due.flatMap(({ path, text }) =>
      (path.endsWith('.md')
        ? [...riddlesIn(withoutFences(text)), ...longSentencesIn(text)]
        : riddlesIn(proseOfCode(text))
      ).map((fault) => `${path}:${fault.line}: ${fault.text}`),
    );
    assert.equal(faults.length, 0, `\n${faults.join('\n')}`);
  });

function withoutFences(markdown: string): string {
  return markdown.replace(/```[\s\S]*?```/g, (block) => block.replace(/[^\n]/g, ''));
}

test('the README is one page', { skip: !isDue('README.md') && 'it is still to be reworded' }, () => {
  const text = readFileSync(join(ROOT, 'README.md'), 'utf8');
  assert.ok(text.split('\n').length <= README.lines, `${text.split('\n').length} lines`);
  assert.ok(countWords(text) <= README.words, `${countWords(text)} words`);
});

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const commands = Object.entries(scripts as Record<string, string>).flatMap(([name, script]) => {
  const file = / (scripts\/[\w-]+\.ts)$/.exec(script)?.[1];
  return file === undefined ? [] : [{ name, file }];
});

for (const { name, file } of commands)
  test(`the help of ${name} has plain words`, {
    skip: !isDue(file) && 'it is still to be reworded',
  }, async () => {
    const { main }: { main: Main } = await import(pathToFileURL(join(ROOT, file)).href);
    const { code, out } = await callHere(main, '--help');
    assert.equal(code, 0);
    // Each option is a paragraph of its own.
    const paragraphs = out.replace(/\n(?= {2}\S)/g, '\n\n').replace(/^ {2,}/gm, '');
    assertPlain(name, [...riddlesIn(out.replace(/\n +/g, ' ')), ...longSentencesIn(paragraphs)]);
  });

for (const results of ['reference', 'baseline'])
  test(`what is said of results/${results} has plain words`, () => {
    const records = readRecords(join(project.results, results), project.order);
    const summary = summarise(records, experimentOf(catalog));
    const said = summary.experiments.flatMap((experiment) => [
      experiment.question,
      ...findingsIn(experiment),
      ...Object.values(experiment.chartTitles),
      ...skippedLines(experiment),
    ]);
    const notes = summary.experiments.flatMap(rowNotes);
    const digest = digestOf(summary, {
      page: { file: 'report.html', command: 'npm run report' },
      tables: 'summary.md',
      elapsedMs: 1000,
    });
    assert.ok(said.length > 40);
    assertPlain(results, [
      ...riddlesIn([...said, ...notes, ...digest].join('\n')),
      ...longSentencesIn(said.join('\n\n')),
    ]);
  });

test('the golden findings have plain words', { skip: noGit }, () => {
  const golden = filesInGit(/^test\/golden\/findings\/.*\.txt$/);
  assert.ok(golden.length > 10);
  for (const { path, text } of golden) assertPlain(path, [...riddlesIn(text), ...longSentencesIn(text)]);
});

test('riddles and long sentences are found, in code only in what people read', () => {
  // In two parts: this file is checked, too.
  const phrase = ['so', 'many'].join(' ');
  const found = riddlesIn(`one\nwaits for ${phrase} rounds`);
  assert.equal(found.length, 1);
  assert.equal(found[0]!.line, 2);
  const code = `const a = ${phrase.replace(' ', '_')};\n// waits for ${phrase} rounds\nsay('at most ${phrase} of them');`;
  assert.deepEqual(
    riddlesIn(proseOfCode(code)).map(({ line }) => line),
    [2, 3],
  );
  const long = Array.from({ length: 31 }, () => 'word').join(' ');
  assert.deepEqual(
    longSentencesIn(`Short.\n\n${long}.\n\n| ${long} |\n\n\`\`\`\n${long}\n\`\`\`\n`).map(({ line }) => line),
    [3],
  );
  assert.equal(longSentencesIn(`${long}: ${long.slice(5)}.`).length, 1);
});
