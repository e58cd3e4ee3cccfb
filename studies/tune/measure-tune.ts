/**
 * Measures how often `tune` is right, where the truth is known, and what a sweep by hand does. It keeps each try as it
 * ends, and goes on from there. Keep the machine idle meanwhile. `npm run measure-tune`.
 */
import { join } from 'node:path';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { openProject } from '../../harness/project.ts';
import { EXIT, runCommand, wholeNumber } from '../../scripts/command.ts';
import { measureTuneTries } from './measure-tries.ts';
import { CASES, SWEPT } from './tune-cases.ts';
import { tuneText, WANTED } from './tune-table.ts';
import { readTuneTries } from './tune-tries.ts';

const NAMES = CASES.map(({ name }) => name);

const command = new Command('npm run measure-tune --')
  .description('Measures how often tune is right. A try takes 5 to 20 seconds, and is kept as it ends.')
  .option('--cases <names>', `only these, separated by commas: ${NAMES.join(', ')}`, caseNames, NAMES)
  .option(
    '--tries <n>',
    'the tries of each case in the end, with those that are kept',
    wholeNumber(0, 10_000),
    WANTED.tries,
  )
  .option(
    '--sweeps <n>',
    `the sweeps by hand in the end, of ${SWEPT.join(', ')}; each takes 70 seconds`,
    wholeNumber(0, 1000),
    0,
  )
  .option(
    '--within <seconds>',
    'begin no try later than this; the same command then goes on',
    wholeNumber(1, 86_400),
  )
  .option('--file <path>', 'where the tries are kept (default: results/studies/tune.json)')
  .option('--table', 'print the table of the kept tries, and measure nothing');

await runCommand(async (argv, { signal, warn, print }) => {
  command.parse(argv, { from: 'user' });
  const { cases, tries, sweeps, within = Number.POSITIVE_INFINITY, table, ...given } = command.opts();
  const project = await openProject(join(import.meta.dirname, '../..'));
  const file = given.file ?? join(project.results, 'studies', 'tune.json');
  if (table) {
    const kept = readTuneTries(file);
    if (kept === null) throw new Error(`There are no tries in ${file}.`);
    print(tuneText(kept));
    return EXIT.done;
  }
  const asked = { file, cases, tries, sweeps, withinMs: within * 1000 };
  const kept = await measureTuneTries(project, asked, { signal, warn });
  print(tuneText(kept));
  return EXIT.done;
});

/** Parses names of cases, separated by commas. */
function caseNames(text: string): string[] {
  const names = text.split(',');
  const unknown = names.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`There is no case "${unknown}".`);
  return names;
}
