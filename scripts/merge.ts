import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { loadCatalog } from '../harness/measure/plan/catalog.ts';
import { environmentDifferences } from '../harness/record/one-run.ts';
import { writeRecord } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand } from './command.ts';
import { directoryOf } from './directory.ts';
import { makeRoom } from './previous.ts';
import { recordsOfRun, showResults } from './results.ts';

const define = () =>
  createCommand('merge')
    .description('Joins the results of shards (npm run bench -- --shard 1/4) to those of one run.')
    .argument('<directories...>', 'where the records of the shards are')
    .option(
      '--mixed',
      'join shards of other machines, releases or commits, too; each experiment then says where it ran',
    )
    .option('--tables', 'print the tables of all experiments')
    .option('--out <dir>', 'where they go together (default: results/latest)');

export const main: Main = async (argv, io) => {
  const command = define();
  const project = await readCommandLine(command, argv, io);
  const { mixed, tables, ...options } = command.opts();
  const out = directoryOf('--out', options.out, join(project.results, 'latest'));
  const directories = command.args.map((directory) => resolve(directory));
  if (directories.includes(out)) throw new Error('--out must not be one of the shards.');
  const records = directories.flatMap((directory) => recordsOfRun(directory, project.order));
  refuseMisfits(records);
  if (mixed !== true) refuseMixed(records);
  const catalog = await loadCatalog(project);
  makeRoom('--out', out, project.results, io);
  for (const record of records) writeRecord(out, record);
  const { experiments } = await showResults(catalog, out, io, {
    written: true,
    tables: tables === true,
    latest: join(project.results, 'latest'),
  });
  const errored = experiments.filter(({ status }) => status === 'errored');
  for (const { id, reason } of errored) io.warn(`Error: ${id} errored: ${reason}`);
  return errored.length > 0 ? EXIT.error : EXIT.done;
};

/** One run has each experiment once, one profile and one target. */
function refuseMisfits(records: readonly RunRecord[]): void {
  const [first] = records;
  const names = new Set<string>();
  for (const { experiment, profile, remote } of records) {
    if (names.has(experiment.id))
      throw new Error(
        `Two of the directories have ${experiment.id}; shards of one run have each experiment once.`,
      );
    names.add(experiment.id);
    if (profile !== first!.profile)
      throw new Error(
        `${experiment.id} ran in profile ${profile} and others in ${first!.profile}: no shards of one run.`,
      );
    if (!isDeepStrictEqual(remote, first!.remote))
      throw new Error(
        `${experiment.id} and ${first!.experiment.id} waited on different targets: no shards of one run.`,
      );
  }
}

/** As --resume does: one environment for all. */
function refuseMixed(records: readonly RunRecord[]): void {
  const [first] = records;
  for (const { experiment, environment } of records) {
    const differing = environmentDifferences(first!.environment, environment);
    if (differing.length > 0)
      throw new Error(
        `${experiment.id} and ${first!.experiment.id} differ in their ${differing.join(', ')}; ` +
          'with --mixed they are joined, and each experiment says where it ran.',
      );
  }
}

if (import.meta.main) await runCommand(main);
