import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command, Option } from '@commander-js/extra-typings';
import { type CatalogEntry, findingsOf, loadCatalog } from '../harness/measure/catalog.ts';
import { conduct } from '../harness/measure/conduct.ts';
import { describeEnvironment } from '../harness/measure/environment.ts';
import { findPeers, type Peers } from '../harness/measure/peers.ts';
import { estimateMs, type PlannedExperiment, planRun } from '../harness/measure/plan.ts';
import { type RunRecord, readRecords, removeRecords, writeRecord } from '../harness/record.ts';
import { createProgressDisplay, type ProgressDisplay } from '../harness/report/progress.ts';
import { removeReport, writeReport } from '../harness/report/report.ts';
import { terminalTable } from '../harness/report/table.ts';
import { EXIT, Interrupted, runCommand, wholeNumber } from './command.ts';
import { pathForPeople } from './path.ts';

const DEFAULT_OUT = join(import.meta.dirname, '../results/latest');

const command = new Command('npm run bench --')
  .showSuggestionAfterError(false)
  .description('Measures experiments against a local server, and writes records, tables and charts.')
  .argument('[experiments...]', 'which experiments to run; all of them where none is named')
  .addOption(
    new Option('--profile <name>', 'the size of the work (default: quick)').choices([
      'smoke',
      'quick',
      'book',
    ]),
  )
  .option(
    '--rounds <n>',
    'measured rounds, at least 6 for intervals (default: as the profile says)',
    wholeNumber(1, 1000),
  )
  .option(
    '--seed <n>',
    'fixes the order within rounds (default: drawn, and kept in the record)',
    wholeNumber(0, 2 ** 32 - 1),
  )
  .option('--out <dir>', 'where results go, in place of an earlier run there (default: results/latest)')
  .addOption(
    new Option('--peers <when>', 'programs in Python beside ours: those that can run, none, or all of them')
      .choices(['auto', 'off', 'require'])
      .default('auto'),
  )
  .option('--python <path>', 'the interpreter that runs them', 'python3')
  .option('--resume', 'go on with the run in the results directory that was interrupted')
  .option('--list', 'name the experiments and what each asks, and measure nothing');

await runCommand(async (signal) => {
  command.parse();
  const options = command.opts();
  const catalog = await loadCatalog();
  if (options.list) return list(catalog);
  const out = directoryOf(options.out);
  const earlier = options.resume ? recordsToResume(out) : [];
  const environment = await describeEnvironment();
  const { profile, rounds, seed } = options;
  const request = { names: command.args, profile, rounds, seed };
  // What is wrong with the request is said before any peer is started.
  const asked = planRun(catalog, request, environment, options.resume ? [] : earlier);
  const peers = await peersFor(asked, options);
  const plans = planRun(catalog, request, environment, earlier, peers);

  openDirectory(out);
  if (!options.resume) removeEarlierRun(out);
  for (const { record } of plans) writeRecord(out, record);
  for (const warning of environment.warnings) console.error(`Warning: ${warning}`);
  const stopped = await measureAll(plans, out, signal);
  report(catalog, out);

  if (stopped instanceof Interrupted) {
    console.error('Interrupted; the finished rounds are kept, and --resume goes on with them.');
    return EXIT.interrupted;
  }
  if (stopped !== undefined) console.error(`Error: ${stopped.message}`);
  return readRecords(out).every(({ status }) => status === 'ok') ? EXIT.done : EXIT.error;
});

/** Starts each peer once, to see whether it can run, where a planned experiment has rows for them. */
async function peersFor(
  plans: readonly PlannedExperiment[],
  { peers, python }: { peers: string; python: string },
): Promise<Peers> {
  const none = { found: [], skipped: [] };
  if (peers === 'off' || plans.every(({ entry }) => entry.experiment.peers === undefined)) return none;
  const all = await findPeers(python);
  const [first] = all.skipped;
  if (peers === 'require' && first !== undefined)
    throw new Error(`--peers require: ${first.id} cannot run. ${first.reason}`);
  return all;
}

function list(catalog: readonly CatalogEntry[]): number {
  for (const { id, experiment } of catalog) console.log(`${id}: ${experiment.question}`);
  return EXIT.done;
}

function recordsToResume(directory: string): RunRecord[] {
  const records = readRecords(directory);
  if (records.length === 0) throw new Error(`There is no run to go on with in ${directory}.`);
  return records;
}

function directoryOf(out: string | undefined): string {
  if (out === '') throw new Error('--out must name a directory.');
  return out === undefined ? DEFAULT_OUT : resolve(out);
}

function openDirectory(directory: string): void {
  try {
    makeDirectory(directory);
    readdirSync(directory);
    accessSync(directory, constants.W_OK);
  } catch (error) {
    throw new Error(`--out ${directory} cannot be written: ${(error as Error).message}.`);
  }
}

/** As mkdirSync does with `recursive`, which turns for ever where a directory can have no new entries (/proc). */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  if (dirname(directory) !== directory) makeDirectory(dirname(directory));
  mkdirSync(directory);
}

function removeEarlierRun(directory: string): void {
  removeRecords(directory);
  removeReport(directory);
}

/** Runs what is planned, one after the other; returns what ended the run early, if anything did. */
async function measureAll(
  plans: readonly PlannedExperiment[],
  out: string,
  signal: AbortSignal,
): Promise<Error | undefined> {
  const display = createProgressDisplay();
  const unfinished = plans.filter(({ record }) => record.status !== 'ok');
  try {
    for (const [index, plan] of unfinished.entries()) {
      const laterMs = unfinished.slice(index + 1).reduce((sum, later) => sum + estimateMs(later), 0);
      const stopped = await measure(plan, out, display, laterMs, signal);
      if (stopped !== undefined) return stopped;
    }
  } finally {
    display.stop();
  }
  return undefined;
}

/** Runs one experiment and keeps its record after every round. */
async function measure(
  plan: PlannedExperiment,
  out: string,
  display: ProgressDisplay,
  laterMs: number,
  signal: AbortSignal,
): Promise<Error | undefined> {
  let kept: RunRecord = { ...plan.record, status: 'running', reason: null };
  const observer = {
    progressed: (progress: Parameters<ProgressDisplay['show']>[0]) =>
      display.show({ ...progress, leftMs: progress.leftMs + laterMs }),
    roundFinished: (finished: RunRecord) => {
      kept = finished;
      writeRecord(out, kept);
    },
  };
  try {
    writeRecord(out, await conduct({ ...plan, record: kept }, observer, signal));
    return undefined;
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    const status = error instanceof Interrupted ? 'interrupted' : 'errored';
    writeRecord(out, { ...kept, status, reason: error.message });
    return error;
  }
}

function report(catalog: readonly CatalogEntry[], out: string): void {
  const { summary, pictures } = writeReport(out, readRecords(out), findingsOf(catalog));
  console.log(summary.experiments.map(terminalTable).join('\n'));
  for (const warning of summary.warnings) console.log(warning);
  console.log(`Records, tables and ${pictures.length} charts are in ${pathForPeople(out)}.`);
}
