import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { commandText } from '../harness/installation.ts';
import { experimentOf, loadCatalog } from '../harness/measure/plan/catalog.ts';
import { readRecords } from '../harness/record/record-files.ts';
import { BOOK_EXPERIMENTS, type BookFigures, bookTables } from '../harness/report/book.ts';
import { gapsOf } from '../harness/report/gaps.ts';
import { summarise } from '../harness/report/summary.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand } from './command.ts';

const define = () =>
  createCommand('book')
    .description(
      "Compares the chapter's published figures with those of a run in the book profile, as Markdown.",
    )
    .argument('[directory]', 'the directory of the records (default: results/reference)');

export const main: Main = async (argv, io) => {
  const command = define();
  const project = await readCommandLine(command, argv, io);
  const [directory = join(project.results, 'reference')] = command.args;
  const records = readRecords(resolve(directory)).filter(
    ({ profile, experiment }) => profile === 'book' && BOOK_EXPERIMENTS.some((id) => id === experiment.id),
  );
  if (records.length === 0)
    throw new Error(
      `There is no record of ${BOOK_EXPERIMENTS.join(', ')} in the book profile in ${directory}; ${commandText('bench', '--profile book')} makes them.`,
    );
  const catalog = await loadCatalog(project);
  const book: BookFigures = JSON.parse(readFileSync(join(project.results, 'book.json'), 'utf8'));
  const summary = summarise(records, experimentOf(catalog));
  const tables = bookTables(summary, book);
  const gaps = gapsOf(summary, records);
  if (tables === '')
    throw new Error(
      `Nothing in ${directory} can be compared with the book: ${gaps[0] ?? 'it has no rows of the book.'}`,
    );
  for (const sentence of gaps) io.warn(`Warning: ${sentence}`);
  io.print(tables);
  return EXIT.done;
};

if (import.meta.main) await runCommand(main);
