import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';

import { commandText } from '../harness/installation.ts';
import { type CatalogEntry, loadCatalog } from '../harness/measure/plan/catalog.ts';
import { type MissingPart, missingParts, missingText } from '../harness/measure/plan/missing-parts.ts';
import { createRecord } from '../harness/measure/plan/plan.ts';
import type { Project } from '../harness/project.ts';
import { environmentDifferences } from '../harness/record/one-run.ts';
import { readRecords, writeRecord } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import type { Summary } from '../harness/report/summary.ts';
import { createCommand, EXIT, type Main, readCommandLine, runCommand, warnOfBroken } from './command.ts';
import { directoryOf, openDirectory } from './directory.ts';
import { lockFolder } from './lock-folder.ts';
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
  const records = recordsOfParts(directories, project);
  refuseMisfits(records, mixed === true);
  if (mixed !== true) refuseMixed(records);
  const catalog = await loadCatalog(project, { broken: warnOfBroken(io) });
  const missing = missingParts(records);
  const lost = missing.flatMap((part) =>
    part.lost.flatMap((id) => lostRecord(id, part, records[0]!, catalog)),
  );
  const shown = { written: true, tables: tables === true, latest: join(project.results, 'latest') };
  openDirectory('--out', out);
  const unlock = lockFolder(out);
  let experiments: Summary['experiments'];
  try {
    makeRoom('--out', out, project.results, io);
    for (const record of [...records, ...lost]) writeRecord(out, record);
    ({ experiments } = await showResults(catalog, out, io, shown));
  } finally {
    unlock();
  }
  if (missing.length > 0) for (const line of missingText(records, missing)) io.warn(line);
  const errored = experiments.filter(({ status }) => status === 'errored');
  for (const { id, reason } of errored) io.warn(`Error: ${id} errored: ${reason}`);
  return errored.length > 0 || missing.length > 0 ? EXIT.error : EXIT.done;
};

/** The records of all directories; of a plan, a part may have left none. @throws if nothing is there, or no plan says what is missing */
function recordsOfParts(directories: readonly string[], { order }: Project): RunRecord[] {
  const found = directories.map((directory) => ({ directory, records: readRecords(directory, order) }));
  const records = found.flatMap((part) => part.records);
  const hasPlan = records.some(({ plan }) => plan !== undefined);
  return hasPlan ? records : found.flatMap(({ directory }) => recordsOfRun(directory, order));
}

/** The record of an experiment whose part left none: its rows with the reason; none if the project no longer has it. */
function lostRecord(
  id: string,
  { number }: MissingPart,
  { plan, profile, seed, remote, environment }: RunRecord,
  catalog: readonly CatalogEntry[],
): RunRecord[] {
  const entry = catalog.find((other) => other.id === id);
  if (entry === undefined) return [];
  const reason = `Part ${number} of ${plan!.shards.length} left no record.`;
  const peers = { found: [], skipped: [] };
  const record = createRecord(entry, { profile, rounds: undefined, seed, peers, reason }, environment);
  const variants = record.variants.map((variant) => ({ ...variant, error: reason }));
  const own = { ...plan!, shard: number };
  return [{ ...record, ...(remote && { remote }), plan: own, status: 'errored', variants }];
}

/** One run has each experiment once, one profile and one target. */
function refuseMisfits(records: readonly RunRecord[], mixed: boolean): void {
  // Machines may have targets of their own, of the same release and with the same settings.
  const targetOf = (remote: RunRecord['remote']) =>
    mixed && remote !== undefined ? { ...remote, origin: '' } : remote;
  const [first] = records;
  const names = new Set<string>();
  for (const { experiment, profile, remote, plan } of records) {
    if (names.has(experiment.id))
      throw new Error(
        `Two of the directories have ${experiment.id}; shards of one run have each experiment once.`,
      );
    names.add(experiment.id);
    if (profile !== first!.profile)
      throw new Error(
        `${experiment.id} ran in profile ${profile} and others in ${first!.profile}, so these are not shards of one run.`,
      );
    if (plan?.hash !== first!.plan?.hash)
      throw new Error(
        `${experiment.id} ran by ${planText(plan)} and ${first!.experiment.id} by ${planText(first!.plan)}, so these are not shards of one run.`,
      );
    if (!isDeepStrictEqual(targetOf(remote), targetOf(first!.remote)))
      throw new Error(
        `${experiment.id} and ${first!.experiment.id} waited on different targets, so these are not shards of one run.`,
      );
  }
}

function planText(plan: RunRecord['plan']): string {
  return plan === undefined ? 'no plan' : `plan ${plan.hash.slice(0, 9)}`;
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
