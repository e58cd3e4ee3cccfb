/** `npm run same-numbers`: whether the records of a run still give the numbers of its summary.json. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { readRecords } from '../../harness/record/record-files.ts';
import { summarise } from '../../harness/report/summary.ts';
import { EXIT, runCommand } from '../../scripts/command.ts';
import { differences } from './same-numbers.ts';

const command = new Command('npm run same-numbers --')
  .showSuggestionAfterError(false)
  .description(
    'Makes the summary of a run again from its records, and names each number that differs from its summary.json. ' +
      'Of two summaries it compares those. Exit codes: 0 none differs, 1 some do.',
  )
  .argument('[paths...]', 'a folder of results (default: results/reference), or two summary.json');

await runCommand(async () => {
  command.parse();
  const [first = 'results/reference', second] = command.args;
  const read = (file: string): unknown => JSON.parse(readFileSync(resolve(file), 'utf8'));
  const before = read(second === undefined ? join(first, 'summary.json') : first);
  const after = second === undefined ? again(resolve(first)) : read(second);
  const found = differences(before, after);
  for (const line of found) console.log(line);
  console.log(found.length === 0 ? 'Every number is the same.' : `${found.length} numbers differ.`);
  return found.length === 0 ? EXIT.done : EXIT.error;
});

function again(directory: string): unknown {
  return JSON.parse(JSON.stringify(summarise(readRecords(directory), () => undefined)));
}
