import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { findingsOf, loadCatalog } from '../harness/measure/catalog.ts';
import { readRecords } from '../harness/record.ts';
import { type BookFigures, bookTables } from '../harness/report/book.ts';
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
  const records = readRecords(resolve(directory)).filter(({ profile }) => profile === 'book');
  if (records.length === 0)
    throw new Error(
      `There is no record of the book profile in ${directory}; npm run bench -- --profile book makes some.`,
    );
  const catalog = await loadCatalog();
  const book: BookFigures = JSON.parse(readFileSync(join(RESULTS, 'book.json'), 'utf8'));
  console.log(bookTables(summarise(records, findingsOf(catalog)), book));
  return EXIT.done;
});
