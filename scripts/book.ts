import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { findingsOf, loadCatalog } from '../harness/measure/plan/catalog.ts';
import { readRecords } from '../harness/record/record-files.ts';
import { BOOK_EXPERIMENTS, type BookFigures, bookTables } from '../harness/report/book.ts';
import { gapsOf } from '../harness/report/gaps.ts';
import { summarise } from '../harness/report/summary.ts';
import { EXIT, runCommand } from './command.ts';
import { RESULTS } from './directory.ts';

const command = new Command('npm run book --')
  .showSuggestionAfterError(false)
  .description("Sets the chapter's published figures beside those of a run in the book profile, as Markdown.")
  .argument('[directory]', 'where the records are', join(RESULTS, 'reference'));

await runCommand(async () => {
  command.parse();
  const [directory] = command.processedArgs;
  const records = readRecords(resolve(directory)).filter(
    ({ profile, experiment }) => profile === 'book' && BOOK_EXPERIMENTS.some((id) => id === experiment.id),
  );
  if (records.length === 0)
    throw new Error(
      `There is no record of ${BOOK_EXPERIMENTS.join(', ')} in the book profile in ${directory}; npm run bench -- --profile book makes them.`,
    );
  const catalog = await loadCatalog();
  const book: BookFigures = JSON.parse(readFileSync(join(RESULTS, 'book.json'), 'utf8'));
  const summary = summarise(records, findingsOf(catalog));
  const tables = bookTables(summary, book);
  const gaps = gapsOf(summary, records);
  if (tables === '')
    throw new Error(
      `Nothing in ${directory} can stand beside the book: ${gaps[0] ?? 'it has none of its rows.'}`,
    );
  for (const sentence of gaps) console.error(`Warning: ${sentence}`);
  console.log(tables);
  return EXIT.done;
});
