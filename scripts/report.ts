import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { commandText } from '../harness/installation.ts';
import { pathForPeople } from '../harness/path.ts';
import { TUNE_PAGE } from '../harness/report/tune/tune-files.ts';
import { openInBrowser } from './browser.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand } from './command.ts';

const define = () =>
  createCommand('report')
    .description('Opens the page of a run in the browser.')
    .argument('[directory]', 'the directory of the results (default: results/latest)');

export const main: Main = async (argv, io) => {
  const command = define();
  const project = await readCommandLine(command, argv, io);
  const [directory = join(project.results, 'latest')] = command.args;
  const page = ['report.html', TUNE_PAGE]
    .map((name) => resolve(directory, name))
    .find((file) => existsSync(file));
  if (page === undefined)
    throw new Error(
      `There is no page in ${directory}; ${commandText('bench')} creates it, and ${commandText('charts')} recreates it from the records of a run.`,
    );
  io.print(pathForPeople(page));
  await openInBrowser(page);
  return EXIT.done;
};

if (import.meta.main) await runCommand(main);
