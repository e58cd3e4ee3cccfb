import { randomInt } from 'node:crypto';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { LEAST_ROUNDS } from '../harness/findings/general.ts';
import { withWords } from '../harness/findings/words.ts';
import { commandText } from '../harness/installation.ts';
import {
  type Alternation,
  alternate,
  type BothSides,
  runCheckout,
} from '../harness/measure/checkout/alternate.ts';
import {
  type Checkout,
  checkoutHere,
  commitOfHere,
  filesAbsentFrom,
  openCheckout,
  openFolder,
} from '../harness/measure/checkout/checkout.ts';
import { stopRule } from '../harness/measure/conduct/stop-rule.ts';
import { experimentOf, idOf, loadCatalog } from '../harness/measure/plan/catalog.ts';
import type { Project } from '../harness/project.ts';
import { readRecords, writeRecord } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import { Incomparable } from '../harness/report/comparison/comparability.ts';
import { type Comparison, compareRuns } from '../harness/report/comparison/comparison.ts';
import { comparisonMarkdown, comparisonText } from '../harness/report/comparison/comparison-table.ts';
import {
  confirm,
  hasErrored,
  isDecidable,
  isDecided,
  regressedExperiments,
} from '../harness/report/comparison/verdicts.ts';
import { createStatusLine } from '../harness/report/progress.ts';
import {
  createCommand,
  EXIT,
  type Io,
  type Main,
  readCommandLine,
  runCommand,
  wholeNumber,
} from './command.ts';
import { directoryOf } from './directory.ts';
import { checkProfile } from './planning.ts';
import { makeRoom } from './previous.ts';

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
      'measure regressed experiments again, and count only repeated regressions (default with --base)',
    )
    .option('--no-confirm', 'with --base: do not measure regressed experiments again')
    .option('--markdown <file>', 'write the table as Markdown, too')
    .option('--json <file>', 'write the comparison as JSON, too')
    .optionsGroup('Two commits, measured now, in alternating rounds:')
    .option('--base <ref>', 'compare this commit with the current checkout')
    .option(
      '--with <package>',
      'use another release of a package in the checkout, as undici@7',
      collect,
      [] as string[],
    )
    .addOption(new Option('--profile <name>', 'the size of the work').default('quick'))
    .option(
      '--rounds <n>',
      'the most rounds; the run ends earlier, after at least 6, when every verdict is decided',
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
  if (base === undefined && options.with.length > 0) throw new Error('--with needs --base.');
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
interface Asked {
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

/** Runs an experiment of this checkout once more, on the same target. */
async function measureHere(
  { root }: Project,
  { experiment, profile, rounds, remote }: RunRecord,
  signal: AbortSignal,
): Promise<RunRecord[]> {
  const folder = openFolder('compare');
  try {
    const out = folder.directory;
    const seed = randomInt(2 ** 32);
    const run = { names: [experiment.id], profile, rounds: Math.max(rounds, LEAST_ROUNDS), seed, out };
    await runCheckout(checkoutHere(root), { ...run, target: remote?.origin }, signal);
    return readRecords(out);
  } finally {
    folder.remove();
  }
}

async function compareCommits(base: string, names: readonly string[], asked: Asked): Promise<Comparison> {
  const { project, options, io } = asked;
  const { root, results } = project;
  const { signal } = io;
  await refuseAbsent(base, names, asked);
  const directory = directoryOf('--out', options.out, join(results, 'compare'));
  const opened: Checkout[] = [];
  const open = async (reference: string, packages: readonly string[]) => {
    opened.push(await openCheckout(root, reference, packages, signal));
    return opened.at(-1)!;
  };
  try {
    const before = await open(base, []);
    const after =
      options.with.length === 0
        ? checkoutHere(root)
        : await open(await commitOfHere(root, signal), options.with);
    const first = await measureBoth({ before, after, names }, asked, await openSides(directory, asked));
    const regressed = regressedExperiments(first);
    if (options.confirm === false || regressed.length === 0 || signal.aborted) return first;
    io.warn(`Regressed, and measured again: ${regressed.join(', ')}.`);
    return confirm(first, await measureBoth({ before, after, names: regressed }, asked, () => {}));
  } finally {
    await Promise.allSettled(opened.map((checkout) => checkout.remove()));
  }
}

/** Refuses experiments that the other side does not have. */
async function refuseAbsent(
  reference: string,
  names: readonly string[],
  { project: { root, experiments }, io }: Asked,
): Promise<void> {
  const files = new Map(experiments.map((file) => [idOf(file), relative(root, file)]));
  const unknown = names.find((name) => !files.has(name));
  if (unknown !== undefined)
    throw new Error(
      `There is no experiment "${unknown}"; ${commandText('bench', '--list')} prints the experiments.`,
    );
  const wanted = names.map((name) => files.get(name)!);
  const missing = await filesAbsentFrom(root, reference, wanted, io.signal);
  const absent = names.filter((name) => missing.includes(files.get(name)!));
  if (absent.length === 0) return;
  const list = absent.join(', ');
  throw new Incomparable(
    `${list} ${absent.length === 1 ? 'is' : 'are'} not in that commit (${reference}), so there is nothing to compare with.`,
  );
}

/** Runs alternating rounds until all verdicts are decided or the time is over. */
async function measureBoth(
  what: Pick<Alternation, 'before' | 'after' | 'names'>,
  { options: { margin, strict = false, profile, rounds, within }, io }: Asked,
  keep: (sides: BothSides) => void,
): Promise<Comparison> {
  const compareSides = ({ before, after }: BothSides, strictly: boolean) =>
    compareRuns(before, after, { margin, strict: strictly, paired: true });
  const withinMs = within * 60_000;
  const isEnough = stopRule({ leastRounds: LEAST_ROUNDS, isAnswered: isDecided, withinMs });
  const startMs = performance.now();
  /** The finished rounds, with what they tell. */
  let known: { readonly sides: BothSides; readonly comparison: Comparison } | null = null;
  const status = createStatusLine('at most');
  try {
    const events = alternate({ ...what, profile, rounds, seed: randomInt(2 ** 32) }, io.signal);
    for await (const event of events) {
      const { round } = event;
      if (event.type === 'side started') {
        const elapsedMs = performance.now() - startMs;
        const leftMs = timeLeftMs({ round, rounds, elapsedMs, withinMs });
        status.show(`Round ${round} of at most ${rounds}${undecided(known?.comparison)}`, event.side, leftMs);
        continue;
      }
      const { sides } = event;
      keep(sides);
      // Whether the sides are comparable is known after the first round; whether they can be trusted, after all rounds.
      if (round === 1 && strict) compareSides(sides, true);
      known = { sides, comparison: compareSides(sides, false) };
      const nowMs = performance.now() - startMs;
      if (isEnough({ measured: known.comparison, rounds: round, elapsedMs: nowMs })) break;
    }
  } catch (error) {
    // After an interrupt, the finished rounds are shown.
    if (!io.signal.aborted || known === null) throw error;
    return known.comparison;
  } finally {
    status.stop();
  }
  return strict ? compareSides(known!.sides, true) : known!.comparison;
}

/** The number of rows without a verdict, for the status line; empty before the first round. */
function undecided(comparison: Comparison | undefined): string {
  if (comparison === undefined) return '';
  const open = comparison.rows.filter(({ verdict }) => verdict === 'inconclusive').length;
  return `, ${open} of ${comparison.rows.length} rows undecided`;
}

/** The longest remaining time: until the time limit, or until all rounds are done at the pace so far. */
function timeLeftMs({
  round,
  rounds,
  elapsedMs,
  withinMs,
}: {
  readonly round: number;
  readonly rounds: number;
  readonly elapsedMs: number;
  readonly withinMs: number;
}): number {
  const done = round - 1;
  if (done === 0) return withinMs;
  const roundMs = elapsedMs / done;
  const least = (LEAST_ROUNDS - done) * roundMs;
  return Math.max(least, Math.min((rounds - done) * roundMs, withinMs - elapsedMs + roundMs));
}

/** Makes room for the records of both sides; returns a function that saves them with the sentences so far. */
async function openSides(directory: string, { project, io }: Asked): Promise<(sides: BothSides) => void> {
  const experiment = experimentOf(await loadCatalog(project));
  const complete = (record: RunRecord) => withWords(record, experiment(record.experiment.id));
  const [keptBefore, keptAfter] = [join(directory, 'before'), join(directory, 'after')];
  for (const side of [keptBefore, keptAfter]) makeRoom('--out', side, project.results, io);
  return ({ before, after }) => {
    for (const record of before) writeRecord(keptBefore, complete(record));
    for (const record of after) writeRecord(keptAfter, complete(record));
  };
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

/** Parses a share such as 0.05. */
function share(text: string): number {
  const number = Number(text);
  if (!/^\d*\.?\d+$/.test(text) || !(number > 0 && number < 1))
    throw new InvalidArgumentError('It must be a share above 0 and below 1, as 0.05 for 5 %.');
  return number;
}

if (import.meta.main) await runCommand(main);
