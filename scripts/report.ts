import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { openInBrowser } from './browser.ts';
import { EXIT, runCommand } from './command.ts';
import { RESULTS } from './directory.ts';
import { pathForPeople } from './path.ts';

const command = new Command('npm run report --')
  .showSuggestionAfterError(false)
  .description('Opens the page of a run in the browser.')
  .argument('[directory]', 'where its results are (default: results/latest)');

await runCommand(async () => {
  command.parse();
  const [directory = join(RESULTS, 'latest')] = command.args;
  const page = resolve(directory, 'report.html');
  if (!existsSync(page))
    throw new Error(
      `There is no page in ${directory}; npm run bench makes one, and npm run charts from the records of a run.`,
    );
  console.log(pathForPeople(page));
  await openInBrowser(page);
  return EXIT.done;
});
