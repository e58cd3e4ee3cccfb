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
    .argument('[experiments...]', 'the experiments to run (default: all)')
    .addOption(
      new Option(
        '--profile <name>',
        "the size of the work: smoke, quick (default), book, or one of the project's own",
      ),
    )
    .option(
      '--rounds <n>',
      'measured rounds, at least 6 for intervals (default: those of the profile)',
      wholeNumber(1, 1000),
    )
    .option(
      '--seed <n>',
      'sets the order within rounds (default: random, stored in the record)',
      wholeNumber(0, 2 ** 32 - 1),
    )
    .option(
      '--out <dir>',
      'the directory for results; an earlier run there moves to results/previous (default: results/latest)',
    )
    .option(
      '--until <percent>',
      'add rounds until each headline interval is narrower than this, as 2% (see --within)',
      percent,
    )
    .option(
      '--within <minutes>',
      "with --until: the time limit in minutes, after the profile's own rounds",
      wholeNumber(1, 1440),
      10,
    )
    .addOption(
      new Option(
        '--peers <when>',
        'peers (programs in other runtimes): auto runs those that work here, off none, require needs all',
      )
        .choices(['auto', 'off', 'require'] as const)
        .default('auto')
        .env('OVERLAP_PEERS'),
    )
    .option(
      '--runtime <name=path>',
      'the program for the peers of a runtime, as python=/usr/bin/python3; can be repeated',
      program,
    )
    .option('--python <path>', 'the same as --runtime python=PATH')
    .option(
      '--target <url>',
      'use a latency server on another machine (start it there: npm run serve -- --host ADDRESS)',
    )
    .option('--keep-proxy', 'with --target: let clients use the proxy in the environment variables')
    .option('--shard <n/of>', 'run one of several parts, as 1/4; npm run merge joins the parts', shard)
    .option(
      '--save-baseline [name]',
      'save the records in results/<name>, for npm run compare (default: baseline)',
      baselineName,
    )
    .option('--resume', 'continue the interrupted run in the results directory, with its options')
    .addOption(
      new Option('--report <when>', 'on writes summaries, pictures and the page; off writes records only')
        .choices(['on', 'off'])
        .default('on')
        .env('OVERLAP_REPORT'),
    )
    .option(
      '--tables',
      'print the tables of all experiments; the table of a single experiment is always printed',
    )
    .option('--open', 'open the page of the results in the browser after the run')
    .option('--list', 'list the experiments with their questions, without measuring')
    .addHelpText(
      'after',
      '\nDATABASE_URL, as postgresql://user:password@host/database, is the server for the database experiment;\n' +
        'without it, Overlap starts one in a temporary folder.',
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
    io.print('There are more shards than experiments, so this shard has no experiment.');
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
    io.warn('Interrupted; the finished rounds are saved, and --resume continues the run.');
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
    throw new Error('The run is not saved as a baseline, because it cannot be trusted; run it again.');
  keepBaseline(readRecords(out), join(results, name === true ? 'baseline' : name), results, io);
}

/** Opens the page; without a browser it only warns, since the run has succeeded. */
async function openPage(out: string, io: Io): Promise<void> {
  try {
    await openInBrowser(join(out, 'report.html'));
  } catch (error) {
    io.warn(`Warning: ${(error as Error).message}`);
  }
}

/** Whether an option was given on the command line or in the environment, not by default. */
function isGiven(command: ReturnType<typeof define>, option: 'peers' | 'within'): boolean {
  return command.getOptionValueSource(option) === 'cli';
}

/** Runs the plans and shows the progress; returns the error that ended the run early, if any. */
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

/** Adds the sentences to a record, so that they can be read without the experiment. */
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

/** Parses the program of a runtime's peers, such as python=/usr/bin/python3, and adds it to those given before. */
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
    throw new InvalidArgumentError('It must be a part and the number of parts, as 1/4.');
  return { number, of };
}

if (import.meta.main) await runCommand(main);
