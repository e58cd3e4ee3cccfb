import { join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { findingsOf, loadCatalog } from '../harness/measure/catalog.ts';
import { writeReport } from '../harness/report/report.ts';
import { EXIT, runCommand } from './command.ts';
import { RESULTS } from './directory.ts';
import { pathForPeople } from './path.ts';
import { recordsOfRun } from './results.ts';

const command = new Command('npm run charts --')
  .showSuggestionAfterError(false)
  .description(
    'Makes tables and pictures again from the records of a run; the same records give the same bytes.',
  )
  .argument('[directory]', 'where the records are', join(RESULTS, 'latest'));

await runCommand(async () => {
  command.parse();
  const [directory] = command.processedArgs;
  const records = recordsOfRun(directory);
  const catalog = await loadCatalog();
  const { pictures } = writeReport(resolve(directory), records, findingsOf(catalog));
  for (const picture of pictures) console.log(pathForPeople(picture));
  return EXIT.done;
});
