import { join } from 'node:path';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { rowsOfRecord } from '../harness/findings/rows.ts';
import { warningText } from '../harness/findings/warnings.ts';
import { withWords } from '../harness/findings/words.ts';
import { runPlans } from '../harness/measure/conduct/run-plans.ts';
import { type CatalogEntry, loadCatalog } from '../harness/measure/plan/catalog.ts';
import type { PlannedExperiment } from '../harness/measure/plan/plan.ts';
import type { Shard } from '../harness/measure/plan/shard.ts';
import type { Project } from '../harness/project.ts';
import { readRecords, writeRecord } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import { isPrecise } from '../harness/report/precision.ts';
import { createProgressDisplay } from '../harness/report/progress.ts';
import type { Summary } from '../harness/report/summary.ts';
import { keepBaseline } from './baseline.ts';
import { openInBrowser } from './browser.ts';
import {
  createCommand,
  EXIT,
  Interrupted,
  type Io,
  type Main,
  readCommandLine,
  runCommand,
  wholeNumber,
} from './command.ts';
import { baselineName, directoryOf, openDirectory } from './directory.ts';
import { checkProfile, planAgain, planNew } from './planning.ts';
import { makeRoom } from './previous.ts';
import { showResults } from './results.ts';

const define = () =>
  createCommand('bench')
    .description('Measures experiments against a local server, and writes records, tables and charts.')
    .argument('[experiments...]', 'which experiments to run; all of them where none is named')
    .addOption(
      new Option(
        '--profile <name>',
        'the size of the work: smoke, quick (default), book, or one of the project',
      ),
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
    .option(
      '--out <dir>',
      'where results go; an earlier run there is kept in results/previous (default: results/latest)',
    )
    .option(
      '--until <percent>',
      'go on until each headline interval is that narrow, as 2% (see --within)',
      percent,
    )
    .option(
      '--within <minutes>',
      'with --until: no further round after so many minutes, once the profile has its rounds',
      wholeNumber(1, 1440),
      10,
    )
    .addOption(
      new Option(
        '--peers <when>',
        'programs in other runtimes beside ours: those that can run, none, or all of them',
      )
        .choices(['auto', 'off', 'require'] as const)
        .default('auto')
        .env('OVERLAP_PEERS'),
    )
    .option(
      '--runtime <name=path>',
      'what runs the peers of a runtime, as python=/usr/bin/python3; may be given for several',
      program,
    )
    .option('--python <path>', 'the same as --runtime python=PATH')
    .option(
      '--target <url>',
      'wait on a latency server that runs elsewhere (there: npm run serve -- --host ADDRESS)',
    )
    .option('--keep-proxy', 'with --target elsewhere: let clients find the proxy that the environment names')
    .option(
      '--shard <n/of>',
      'run one of several parts of the whole, as 1/4; npm run merge joins them',
      shard,
    )
    .option(
      '--save-baseline [name]',
      'keep what was measured in results/<name>, for npm run compare (default: baseline)',
      baselineName,
    )
    .option('--resume', 'go on with the interrupted run in the results directory, with the options it had')
    .addOption(
      new Option(
        '--report <when>',
        'summaries, pictures and the page beside the records, or the records alone',
      )
        .choices(['on', 'off'])
        .default('on')
        .env('OVERLAP_REPORT'),
    )
    .option(
      '--tables',
      'print the tables of all experiments; with one experiment named, its table is printed anyway',
    )
    .option('--open', 'open the page of the results in the browser at the end')
    .option('--list', 'name the experiments and what each asks, and measure nothing')
    .addHelpText(
      'after',
      '\nDATABASE_URL, as postgresql://user:password@host/database, is the server that the database experiment\n' +
        'waits on; without it, one in a temporary folder.',
    );

export const main: Main = async (argv, io) => {
  const command = define();
  const project = await readCommandLine(command, argv, io);
  const { signal } = io;
  const options = command.opts();
  const catalog = await loadCatalog(project);
  if (options.list) {
    for (const { id, experiment } of catalog) io.print(`${id}: ${experiment.question}`);
    return EXIT.done;
  }
  const out = directoryOf('--out', options.out, join(project.results, 'latest'));
  if (options.open && options.report === 'off')
    throw new Error('--open shows the page, which --report off leaves out.');
  const { python, runtime, ...others } = options;
  const programs = { ...(python === undefined ? {} : { python }), ...runtime };
  const asked = { ...others, programs, names: command.args, peersGiven: isGiven(command, 'peers') };
  checkProfile(project, asked.profile);
  const plans = options.resume
    ? await planAgain(project, catalog, out, asked)
    : await planNew(project, catalog, asked);
  if (plans.length === 0) {
    io.print('There are more shards than experiments, and none is left for this one.');
    return EXIT.done;
  }

  if (options.resume) openDirectory('--out', out);
  else makeRoom('--out', out, project.results, io);
  for (const { record } of plans) writeRecord(out, record);
  for (const warning of plans[0]!.record.environment.warnings) io.warn(`Warning: ${warningText(warning)}`);
  const startMs = performance.now();
  const stopped = await measure(plans, out, isGiven(command, 'within') ? options.within : undefined, signal);
  const summary = await showResults(catalog, out, io, {
    written: options.report === 'on',
    tables: options.tables === true || command.args.length === 1,
    latest: join(project.results, 'latest'),
    elapsedMs: performance.now() - startMs,
  });

  if (stopped instanceof Interrupted) {
    io.warn('Interrupted; the finished rounds are kept, and --resume goes on with them.');
    return EXIT.interrupted;
  }
  if (stopped !== undefined) io.warn(`Error: ${stopped.message}`);
  const errored = summary.experiments.filter(({ status }) => status === 'errored');
  if (stopped === undefined) for (const { reason } of errored) io.warn(`Error: ${reason}`);
  if (options.open) await openPage(out, io);
  if (errored.length > 0) return EXIT.error;
  if (options.saveBaseline !== undefined) saveBaseline(project, out, options.saveBaseline, { summary, io });
  return EXIT.done;
};

function saveBaseline(
  { results }: Project,
  out: string,
  name: string | true,
  { summary, io }: { summary: Summary; io: Io },
): void {
  if (!summary.trusted)
    throw new Error('This is not kept as a baseline, because the run is not to be trusted; run it again.');
  keepBaseline(readRecords(out), join(results, name === true ? 'baseline' : name), results, io);
}

/** A machine without a browser is no reason why the run has failed. */
async function openPage(out: string, io: Io): Promise<void> {
  try {
    await openInBrowser(join(out, 'report.html'));
  } catch (error) {
    io.warn(`Warning: ${(error as Error).message}`);
  }
}

/** Whether an option stands on the command line, and is not a default. */
function isGiven(command: ReturnType<typeof define>, option: 'peers' | 'within'): boolean {
  return command.getOptionValueSource(option) === 'cli';
}

/** Shows how far the run is; returns what ended it early, if anything did. */
async function measure(
  plans: readonly PlannedExperiment[],
  out: string,
  within: number | undefined,
  signal: AbortSignal,
): Promise<Error | undefined> {
  const display = createProgressDisplay();
  const until = plans.find(({ record }) => record.until !== undefined)?.record.until;
  const minutes = within ?? until?.withinMinutes;
  const stopping =
    until === undefined || minutes === undefined
      ? {}
      : { enough: (record: RunRecord) => isPrecise(record, until.share), withinMs: minutes * 60_000 };
  try {
    return await runPlans(plans, out, { progressed: display.show, completed, ...stopping }, signal);
  } finally {
    display.stop();
  }
}

/** The record with what is said of it, so that whoever has the record alone has its words. */
function completed(record: RunRecord, { experiment }: CatalogEntry): RunRecord {
  return withWords(record, experiment, rowsOfRecord(record));
}

/** Parses a precision such as 2%, to a share. */
function percent(text: string): number {
  const number = Number(text.replace(/ ?%$/, ''));
  if (!/^\d*\.?\d+ ?%?$/.test(text) || !(number > 0 && number < 100))
    throw new InvalidArgumentError('It must be a percentage above 0 and below 100, as 2%.');
  return number / 100;
}

/** Parses what runs a runtime's peers, such as python=/usr/bin/python3, beside those that were given before. */
function program(text: string, others: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, name, path] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || path === undefined)
    throw new InvalidArgumentError('It must be a name and a path, as python=/usr/bin/python3.');
  return { ...others, [name]: path };
}

/** Parses a part of a whole, such as 1/4. */
function shard(text: string): Shard {
  const [, number, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text)?.map(Number) ?? [];
  if (number === undefined || of === undefined || number < 1 || number > of)
    throw new InvalidArgumentError('It must say which of how many, as 1/4.');
  return { number, of };
}

if (import.meta.main) await runCommand(main);
