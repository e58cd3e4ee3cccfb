import { join, resolve } from 'node:path';
import { Argument } from '@commander-js/extra-typings';
import { HISTORY_MARGIN } from '../harness/history/changes.ts';
import { createCommand, type Main, readCommandLine, runCommand, share, wholeNumber } from './command.ts';
import { addToHistory } from './history-add.ts';
import { confirmHistory } from './history-confirm.ts';
import { showHistory } from './history-show.ts';

const define = () =>
  createCommand('history')
    .description(
      'Keeps runs over commits in a folder, one JSON file a run, and says what changed. add: put a run into it; show: print it; confirm: ' +
        'measure the commits around the newest slowdown again.',
    )
    .addArgument(new Argument('<what>', 'add, show or confirm').choices(['add', 'show', 'confirm']))
    .argument(
      '[directory]',
      'add: the run (default: results/latest); show, confirm: the history (default: results/history)',
    )
    .option('--to <folder>', 'add: the folder of the history (default: results/history)')
    .option('--row <name>', 'show the runs of this row, or confirm its slowdown; as "crawl, semaphore@100"')
    .option('--margin <share>', `smaller changes are not told (default: ${HISTORY_MARGIN})`, share)
    .option('--json <file>', 'show: write series and changes as JSON, too')
    .option('--page <file>', 'show: write a page with charts of every row, too')
    .option('--bisect', 'confirm: go on to the one commit')
    .option('--prepare <command>', 'confirm: a shell command to run in each checkout first, such as a build')
    .option(
      '--within <minutes>',
      'confirm: the time limit of each comparison (default: 15)',
      wholeNumber(1, 1440),
    );

/** The options of the command. */
export type HistoryOptions = ReturnType<ReturnType<typeof define>['opts']>;

export const main: Main = async (argv, io) => {
  const command = define();
  const project = await readCommandLine(command, argv, io);
  const [what, directory] = command.processedArgs;
  const options = command.opts();
  const folderOf = (given: string | undefined, name: string) =>
    given === undefined ? join(project.results, name) : resolve(given);
  if (what === 'add')
    return addToHistory(project, folderOf(directory, 'latest'), folderOf(options.to, 'history'), io);
  if (what === 'confirm') return confirmHistory(project, folderOf(directory, 'history'), options, io);
  return showHistory(folderOf(directory, 'history'), options, io);
};

if (import.meta.main) await runCommand(main);
