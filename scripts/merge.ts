import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { commandText } from '../harness/installation.ts';
import { loadCatalog } from '../harness/measure/plan/catalog.ts';
import { environmentDifferences } from '../harness/record/one-run.ts';
import { writeRecord } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand, warnOfBroken } from './command.ts';
import { directoryOf } from './directory.ts';
import { makeRoom } from './previous.ts';
import { recordsOfRun, showResults } from './results.ts';

const define = () =>
  createCommand('merge')
    .description(`Joins the results of shards (${commandText('bench', '--shard 1/4')}) into one run.`)
    .argument('<directories...>', 'the directories of the shards')
    .option(
      '--mixed',
      'also join shards from different machines, releases or commits; each experiment then names its environment',
    )
    .option('--tables', 'print the tables of all experiments')
    .option('--out <dir>', 'the directory of the joined run (default: results/latest)');

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
  const catalog = await loadCatalog(project, { broken: warnOfBroken(io) });
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
        `${experiment.id} ran in profile ${profile} and others in ${first!.profile}, so these are not shards of one run.`,
      );
    if (!isDeepStrictEqual(remote, first!.remote))
      throw new Error(
        `${experiment.id} and ${first!.experiment.id} waited on different targets, so these are not shards of one run.`,
      );
  }
}

/** All shards must have the same environment, as with --resume. */
function refuseMixed(records: readonly RunRecord[]): void {
  const [first] = records;
  for (const { experiment, environment } of records) {
    const differing = environmentDifferences(first!.environment, environment);
    if (differing.length > 0)
      throw new Error(
        `${experiment.id} and ${first!.experiment.id} differ in their ${differing.join(', ')}; ` +
          'use --mixed to join them, and each experiment names its environment.',
      );
  }
}

if (import.meta.main) await runCommand(main);
