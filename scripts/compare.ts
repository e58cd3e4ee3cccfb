import { randomInt } from 'node:crypto';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option } from '@commander-js/extra-typings';
import { LEAST_ROUNDS } from '../harness/findings/general.ts';
import { runCheckout } from '../harness/measure/checkout/checkout-runs.ts';
import { openFolder } from '../harness/measure/checkout/folders.ts';
import type { Project } from '../harness/project.ts';
import { readRecords } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import { Incomparable } from '../harness/report/comparison/comparability.ts';
import { type Comparison, compareRuns } from '../harness/report/comparison/comparison.ts';
import { comparisonMarkdown, comparisonText } from '../harness/report/comparison/comparison-table.ts';
import {
  confirm,
  hasErrored,
  isDecidable,
  regressedExperiments,
} from '../harness/report/comparison/verdicts.ts';
import { checkoutHere } from './checkouts.ts';
import {
  createCommand,
  EXIT,
  type Io,
  type Main,
  readCommandLine,
  runCommand,
  share,
  wholeNumber,
} from './command.ts';
import { compareCommits } from './compare-commits.ts';
import { checkProfile } from './planning.ts';

const define = () =>
  createCommand('compare')
    .description(
      'Compares two runs: their speedups, or with --base their times. Exit codes: 0 no regression, 1 an error, or an ' +
        'experiment that errored, 2 nothing to compare or to decide, 3 a regression.',
    )
    .argument(
      '[what...]',
      'two directories of results (default: results/baseline results/latest); with --base: experiments (default: all)',
    )
    .option(
      '--margin <share>',
      "a smaller change than this share counts as unchanged (default: 0.05, or the project's setting)",
      share,
    )
    .option(
      '--strict',
      'refuse differences that are otherwise warnings, such as another processor, Node, undici or target address',
    )
    .option(
      '--confirm',
      'measure what regressed again, and count only repeated regressions (default with --base, except for rows at least twice as slow)',
    )
    .option('--no-confirm', 'with --base: do not measure what regressed again')
    .option('--markdown <file>', 'write the table as Markdown, too')
    .option('--json <file>', 'write the comparison as JSON, too')
    .optionsGroup('Two commits, measured now, in alternating rounds:')
    .option(
      '--base <ref>',
      'compare the commit where HEAD left this one (git merge-base) with the files as they are',
    )
    .option(
      '--head <ref>',
      'with --base: compare this commit, in a checkout of its own, instead of the files',
    )
    .option(
      '--prepare <command>',
      'a shell command to run in both checkouts before they are measured, such as a build',
    )
    .option(
      '--with <package>',
      'use another release of a package in the checkout, as undici@7',
      collect,
      [] as string[],
    )
    .addOption(new Option('--profile <name>', 'the size of the work').default('quick'))
    .option(
      '--rounds <n>',
      'the most rounds of a row; after 6, only rows without a verdict are measured',
      wholeNumber(LEAST_ROUNDS, 100),
      20,
    )
    .option(
      '--within <minutes>',
      'the time limit in minutes, after at least 6 rounds',
      wholeNumber(1, 1440),
      15,
    )
    .option('--out <dir>', 'the directory for the records of both sides (default: results/compare)');

/** Commander's type of a flag lacks false, which these two flags can be. */
type Options = Omit<ReturnType<ReturnType<typeof define>['opts']>, 'confirm' | 'strict'> & {
  confirm?: boolean;
  strict?: boolean;
};

export const main: Main = async (argv, io) => {
  const command = define();
  const project = await readCommandLine(command, argv, io);
  const options: Options = command.opts();
  const { base, markdown, json } = options;
  if (base === undefined && options.head !== undefined) throw new Error('--head needs --base.');
  if (base === undefined && options.with.length > 0) throw new Error('--with needs --base.');
  if (base === undefined && options.prepare !== undefined) throw new Error('--prepare needs --base.');
  checkProfile(project, options.profile);
  const asked = { project, options: { ...options, margin: options.margin ?? project.margin }, io };
  const comparison =
    base === undefined
      ? await compareDirectories(command.args, asked)
      : await compareCommits(base, command.args, asked);
  io.print(comparisonText(comparison));
  const text = comparisonMarkdown(comparison);
  if (markdown !== undefined) write(markdown, text);
  if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, text);
  if (json !== undefined) write(json, `${JSON.stringify(comparison, null, 2)}\n`);
  if (!io.signal.aborted) return exitCodeOf(comparison);
  io.warn('Interrupted; the comparison uses the finished rounds.');
  return EXIT.interrupted;
};

/** The request of a comparison. */
export interface Asked {
  readonly project: Project;
  readonly options: Options & { readonly margin: number };
  readonly io: Io;
}

function exitCodeOf(comparison: Comparison): number {
  if (regressedExperiments(comparison).length > 0) return EXIT.regression;
  if (!comparison.rows.some(isDecidable)) return EXIT.nothingToCompare;
  return hasErrored(comparison) ? EXIT.error : EXIT.done;
}

async function compareDirectories(
  directories: readonly string[],
  { project, options, io }: Asked,
): Promise<Comparison> {
  const { margin, strict = false, confirm: again = false } = options;
  const [baseline = join(project.results, 'baseline'), current = join(project.results, 'latest'), ...others] =
    directories;
  if (others.length > 0)
    throw new Error('Give at most two directories, or name a commit with --base to compare experiments.');
  const [before, after] = [recordsIn(baseline, project.order), recordsIn(current, project.order)];
  const first = compareRuns(before, after, { margin, strict });
  const names = regressedExperiments(first);
  if (!again || names.length === 0) return first;
  io.warn(`Regressed, and measured again in fresh processes: ${names.join(', ')}.`);
  const rerun: RunRecord[] = [];
  for (const record of after)
    if (names.includes(record.experiment.id)) rerun.push(...(await measureHere(project, record, io.signal)));
  return confirm(first, compareRuns(before, rerun, { margin, strict }));
}

/** Runs an experiment of this checkout once more, on the same target: all rows, as in the run that it is compared with. */
async function measureHere(
  project: Project,
  { experiment, profile, rounds, remote }: RunRecord,
  signal: AbortSignal,
): Promise<RunRecord[]> {
  const folder = openFolder('compare');
  try {
    const out = folder.directory;
    const seed = randomInt(2 ** 32);
    const work = { names: [experiment.id], rows: null };
    const run = { profile, rounds: Math.max(rounds, LEAST_ROUNDS), seed, out, target: remote?.origin };
    await runCheckout(checkoutHere(project), { ...work, ...run }, signal);
    return readRecords(out);
  } finally {
    folder.remove();
  }
}

function recordsIn(directory: string, order: readonly string[]): RunRecord[] {
  const path = resolve(directory);
  const records = existsSync(path) ? readRecords(path, order) : [];
  if (records.length === 0) throw new Incomparable(`There are no results in ${path}.`);
  return records;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new Error(`${file} cannot be written: ${(error as Error).message}.`);
  }
}

function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value];
}

if (import.meta.main) await runCommand(main);
