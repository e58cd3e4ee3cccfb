/** `npm run same-numbers`: checks that the records of a run still give the numbers of its summary.json. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { experimentOf, loadCatalog } from '../../harness/measure/plan/catalog.ts';
import type { Project } from '../../harness/project.ts';
import { readRecords } from '../../harness/record/record-files.ts';
import { summarise, summaryJson } from '../../harness/report/summary.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand } from '../../scripts/command.ts';
import { differences } from './same-numbers.ts';

const define = () =>
  createCommand('same-numbers')
    .description(
      'Recomputes the summary of a run from its records, and lists each number that differs from its summary.json. ' +
        'With two summaries, it compares them. Exit codes: 0 all are the same, 1 some differ.',
    )
    .argument('[paths...]', 'a folder of results (default: results/reference), or two summary.json');

export const main: Main = async (argv, io) => {
  const command = define();
  const project = await readCommandLine(command, argv, io);
  const [first = join(project.results, 'reference'), second] = command.args;
  const before = numbersOf(second === undefined ? join(first, 'summary.json') : first);
  const after = second === undefined ? await again(project, resolve(first)) : numbersOf(second);
  const found = differences(before, after);
  for (const line of found) io.print(line);
  io.print(found.length === 0 ? 'Every number is the same.' : `${found.length} numbers differ.`);
  return found.length === 0 ? EXIT.done : EXIT.error;
};

/** A merged run has an environment per experiment, which older summaries do not have. */
function numbersOf(file: string): unknown {
  const { environment, ...numbers } = JSON.parse(readFileSync(resolve(file), 'utf8'));
  return numbers;
}

/** Uses the current experiments, as `npm run charts` does: old records do not contain which rows do unequal work. */
async function again(project: Project, directory: string): Promise<unknown> {
  const known = experimentOf(await loadCatalog(project));
  return JSON.parse(JSON.stringify(summaryJson(summarise(readRecords(directory), known))));
}

if (import.meta.main) await runCommand(main);
