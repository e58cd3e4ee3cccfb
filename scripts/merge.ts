import { join, resolve } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { loadCatalog } from '../harness/measure/catalog.ts';
import { type RunRecord, writeRecord } from '../harness/record.ts';
import { EXIT, runCommand } from './command.ts';
import { directoryOf, openDirectory, RESULTS } from './directory.ts';
import { recordsOfRun, removeResults, showResults } from './results.ts';

const command = new Command('npm run merge --')
  .showSuggestionAfterError(false)
  .description('Joins the results of shards (npm run bench -- --shard 1/4) to those of one run.')
  .argument('<directories...>', 'where the records of the shards are')
  .option('--out <dir>', 'where they go together (default: results/latest)');

await runCommand(async () => {
  command.parse();
  const out = directoryOf('--out', command.opts().out, join(RESULTS, 'latest'));
  const directories = command.args.map((directory) => resolve(directory));
  if (directories.includes(out)) throw new Error('--out must not be one of the shards.');
  const records = directories.flatMap(recordsOfRun);
  refuseMisfits(records);
  const catalog = await loadCatalog();
  openDirectory('--out', out);
  removeResults(out);
  for (const record of records) writeRecord(out, record);
  const { experiments } = await showResults(catalog, out);
  const errored = experiments.filter(({ status }) => status === 'errored');
  for (const { id, reason } of errored) console.error(`Error: ${id} errored: ${reason}`);
  return errored.length > 0 ? EXIT.error : EXIT.done;
});

/** One run has each experiment once, and one profile. */
function refuseMisfits(records: readonly RunRecord[]): void {
  const [first] = records;
  const names = new Set<string>();
  for (const { experiment, profile } of records) {
    if (names.has(experiment.id))
      throw new Error(
        `Two of the directories have ${experiment.id}; shards of one run have each experiment once.`,
      );
    names.add(experiment.id);
    if (profile !== first!.profile)
      throw new Error(
        `${experiment.id} ran in profile ${profile} and others in ${first!.profile}: no shards of one run.`,
      );
  }
}
