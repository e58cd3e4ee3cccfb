import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { commandText } from '../harness/installation.ts';
import { type CatalogEntry, loadCatalog } from '../harness/measure/plan/catalog.ts';
import type { PeerChoice } from '../harness/measure/plan/resume.ts';
import type { Project } from '../harness/project.ts';
import {
  createCommand,
  EXIT,
  type Io,
  type Main,
  readCommandLine,
  runCommand,
  wholeNumber,
} from './command.ts';
import { baselineName } from './directory.ts';
import type { GivenShard } from './written-plans.ts';

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
        '--peers <which>',
        'peers (programs in other runtimes): auto runs those that work here, off none, require needs all; names, as ' +
          'bun,go, need these runtimes or peers alone',
      )
        .argParser(peers)
        .default('auto' as PeerChoice)
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
      `use a latency server on another machine (start it there: ${commandText('serve', '--host ADDRESS')})`,
    )
    .option('--keep-proxy', 'with --target: let clients use the proxy in the environment variables')
    .option(
      '--write-plan <file>',
      'write a plan of the run for several machines, without measuring; see --plan',
    )
    .option(
      '--shards <n>',
      'with --write-plan: how many parts (default: one for each experiment)',
      wholeNumber(1, 1000),
    )
    .option(
      '--plan <file>',
      'run a written plan, or with --shard one part of it; results go to a folder of the part in --out (default: results/shards)',
    )
    .option(
      '--shard <n/of>',
      `run one of several parts, as 1/4, or auto: the part that Slurm, Kubernetes or another engine tells; ${commandText('merge')} joins the parts`,
      shard,
    )
    .option(
      '--save-baseline [name]',
      `save the records in results/<name>, for ${commandText('compare')} (default: baseline)`,
      baselineName,
    )
    .option(
      '--resume',
      'continue the interrupted run in the results directory, with its options; with --plan, begins if there is no run yet',
    )
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
    .addOption(
      new Option('--on-request', 'run one bench after another, as messages of compare --base ask').hideHelp(),
    )
    .addHelpText(
      'after',
      '\nDATABASE_URL, as postgresql://user:password@host/database, is the server for the database experiment;\n' +
        'without it, Overlap starts one in a temporary folder.',
    );

/** The options of `bench` as its command line gives them. */
export type BenchOptions = ReturnType<ReturnType<typeof define>['opts']>;

export const main: Main = async (argv, io) => {
  const command = define();
  const project = await readCommandLine(command, argv, io);
  if (command.opts().onRequest) return (await import('./on-request.ts')).runOnRequest(main, argv, io);
  if (project.experiments.length === 0)
    throw new Error(
      `${project.root} has no experiments; write one into a file that ends in .overlap.ts, or name its files in overlap.config.ts.`,
    );
  const broken: Error[] = [];
  // A run that is resumed has its experiments in its records.
  const names = command.opts().resume || command.opts().plan !== undefined ? [] : command.args;
  const choice = { names, broken: (error: Error) => void broken.push(error) };
  const catalog = await loadCatalog(project, choice);
  const chosen = command.args.length > 0 ? catalog : catalog.filter(isRunUnnamed(command.opts()));
  if (catalog.length > 0 && chosen.length === 0)
    throw new Error(
      `Each experiment here runs only when it is named; there are ${catalog.map(({ id }) => id).join(', ')}.`,
    );
  const code =
    chosen.length === 0 ? EXIT.error : await benchOrList(command, { project, catalog: chosen, io });
  for (const { message } of broken) io.warn(`Error: ${message}`);
  return broken.length > 0 && code === EXIT.done ? EXIT.error : code;
};

/** Whether an experiment that is not named runs; a list and a run that is resumed have all. */
function isRunUnnamed({ list, resume }: BenchOptions): (entry: CatalogEntry) => boolean {
  return ({ experiment }) => list === true || resume === true || experiment.onlyWhenNamed !== true;
}

async function benchOrList(
  command: ReturnType<typeof define>,
  { project, catalog, io }: { project: Project; catalog: readonly CatalogEntry[]; io: Io },
): Promise<number> {
  const options = command.opts();
  if (options.list) {
    for (const { id, experiment } of catalog) {
      const mark = experiment.onlyWhenNamed === true ? ' (runs only when named)' : '';
      io.print(`${id}: ${experiment.question}${mark}`);
    }
    return EXIT.done;
  }
  const { runBench } = await import('./run-bench.ts');
  const given = { peersGiven: isGiven(command, 'peers'), withinGiven: isGiven(command, 'within') };
  return runBench(project, catalog, { options, names: command.args, ...given }, io);
}

/** Whether an option was given on the command line or in the environment, not by default. */
function isGiven(command: ReturnType<typeof define>, option: 'peers' | 'within'): boolean {
  return command.getOptionValueSource(option) === 'cli';
}

/** Parses a precision such as 2%, to a share. */
function percent(text: string): number {
  const number = Number(text.replace(/ ?%$/, ''));
  if (!/^\d*\.?\d+ ?%?$/.test(text) || !(number > 0 && number < 100))
    throw new InvalidArgumentError('It must be a percentage above 0 and below 100, as 2%.');
  return number / 100;
}

/** Parses which peers run: a word, or names with commas between. */
function peers(text: string): PeerChoice {
  if (text === 'auto' || text === 'off' || text === 'require') return text;
  const names = text.split(',').map((name) => name.trim());
  const word = names.find((name) => !/^[\w.-]+$/.test(name) || ['auto', 'off', 'require'].includes(name));
  if (word === undefined) return names;
  throw new InvalidArgumentError('It must be auto, off, require, or names with commas between, as bun,go.');
}

/** Parses the program of a runtime's peers, such as python=/usr/bin/python3, and adds it to those given before. */
function program(text: string, others: Readonly<Record<string, string>> = {}): Record<string, string> {
  const [, name, path] = /^([^=]+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || path === undefined)
    throw new InvalidArgumentError('It must be a name and a path, as python=/usr/bin/python3.');
  return { ...others, [name]: path };
}

/** Parses a part of a whole, such as 1/4. */
function shard(text: string): GivenShard {
  if (text === 'auto') return 'auto';
  const [, number, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text)?.map(Number) ?? [];
  if (number === undefined || of === undefined || number < 1 || number > of)
    throw new InvalidArgumentError('It must be a part and the number of parts, as 1/4, or auto.');
  return { number, of };
}

if (import.meta.main) await runCommand(main);
