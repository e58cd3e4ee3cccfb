import { randomInt } from 'node:crypto';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import {
  type Alternation,
  alternate,
  type BothSides,
  runCheckout,
} from '../harness/measure/checkout/alternate.ts';
import {
  type Checkout,
  commitOfHere,
  experimentsAbsentFrom,
  experimentsAbsentHere,
  HERE,
  openCheckout,
  openFolder,
} from '../harness/measure/checkout/checkout.ts';
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
import { EXIT, MARGIN, runCommand, wholeNumber } from './command.ts';
import { directoryOf, RESULTS } from './directory.ts';
import { makeRoom } from './previous.ts';

/** Below this no 95 % interval exists. */
const LEAST_ROUNDS = 6;

const command = new Command('npm run compare --')
  .showSuggestionAfterError(false)
  .description(
    'Says whether two runs differ: in their speedups, or with --base in their times. Exit codes: 0 no regression, 1 an error, or an experiment that ' +
      'errored, 2 nothing to compare or to decide, 3 a regression.',
  )
  .argument(
    '[what...]',
    'two directories of results (default: results/baseline results/latest); with --base: experiments (default: all)',
  )
  .option('--margin <share>', 'a change below this share is none', share, MARGIN)
  .option(
    '--strict',
    'refuse what is otherwise a warning, such as another processor, Node, undici or address of the target',
  )
  .option(
    '--confirm',
    'measure what regressed again, and let only what regresses again count (default with --base)',
  )
  .option('--no-confirm', 'with --base: believe the first measurement')
  .option('--markdown <file>', 'write the table as Markdown, too')
  .option('--json <file>', 'write the comparison as JSON, too')
  .optionsGroup('Two commits, measured now, in alternating rounds:')
  .option('--base <ref>', 'compare this commit with the checkout as it is')
  .option(
    '--with <package>',
    'give the checkout another release of a package, as undici@7',
    collect,
    [] as string[],
  )
  .addOption(
    new Option('--profile <name>', 'the size of the work')
      .choices(['smoke', 'quick', 'book'])
      .default('quick'),
  )
  .option(
    '--rounds <n>',
    'at most so many; fewer, from 6, once every verdict is decided',
    wholeNumber(LEAST_ROUNDS, 100),
    20,
  )
  .option(
    '--within <minutes>',
    'no further round after so many minutes, once there are 6',
    wholeNumber(1, 1440),
    15,
  )
  .option('--out <dir>', 'where the records of both sides go (default: results/compare)');

/** An option that is either given or not is, to its type, never false. */
type Options = Omit<ReturnType<typeof command.opts>, 'confirm' | 'strict'> & {
  confirm?: boolean;
  strict?: boolean;
};

await runCommand(async (signal) => {
  command.parse();
  const options: Options = command.opts();
  const { base, markdown, json } = options;
  if (base === undefined && options.with.length > 0) throw new Error('--with goes with --base.');
  const comparison =
    base === undefined
      ? await compareDirectories(command.args, options, signal)
      : await compareCommits(base, command.args, options, signal);
  console.log(comparisonText(comparison));
  const text = comparisonMarkdown(comparison);
  if (markdown !== undefined) write(markdown, text);
  if (process.env.GITHUB_STEP_SUMMARY) appendFileSync(process.env.GITHUB_STEP_SUMMARY, text);
  if (json !== undefined) write(json, `${JSON.stringify(comparison, null, 2)}\n`);
  return exitCodeOf(comparison);
});

function exitCodeOf(comparison: Comparison): number {
  if (regressedExperiments(comparison).length > 0) return EXIT.regression;
  if (!comparison.rows.some(isDecidable)) return EXIT.nothingToCompare;
  return hasErrored(comparison) ? EXIT.error : EXIT.done;
}

async function compareDirectories(
  directories: readonly string[],
  { margin, strict = false, confirm: again = false }: Options,
  signal: AbortSignal,
): Promise<Comparison> {
  const [baseline = join(RESULTS, 'baseline'), current = join(RESULTS, 'latest'), ...others] = directories;
  if (others.length > 0)
    throw new Error('Two directories can be compared; for experiments, name a commit with --base.');
  const [before, after] = [recordsIn(baseline), recordsIn(current)];
  const first = compareRuns(before, after, { margin, strict });
  const names = regressedExperiments(first);
  if (!again || names.length === 0) return first;
  console.error(`Regressed, and measured again in fresh processes: ${names.join(', ')}.`);
  const rerun: RunRecord[] = [];
  for (const record of after)
    if (names.includes(record.experiment.id)) rerun.push(...(await measureHere(record, signal)));
  return confirm(first, compareRuns(before, rerun, { margin, strict }));
}

/** Runs an experiment of this checkout once more, on the target that it waited on. */
async function measureHere(
  { experiment, profile, rounds, remote }: RunRecord,
  signal: AbortSignal,
): Promise<RunRecord[]> {
  const folder = openFolder('compare');
  try {
    const out = folder.directory;
    const seed = randomInt(2 ** 32);
    const run = { names: [experiment.id], profile, rounds: Math.max(rounds, LEAST_ROUNDS), seed, out };
    await runCheckout(HERE, { ...run, target: remote?.origin }, signal);
    return readRecords(out);
  } finally {
    folder.remove();
  }
}

async function compareCommits(
  base: string,
  names: readonly string[],
  options: Options,
  signal: AbortSignal,
): Promise<Comparison> {
  const [unknown] = experimentsAbsentHere(names);
  if (unknown !== undefined)
    throw new Error(
      `There is no experiment "${unknown}"; npm run bench -- --list names those that there are.`,
    );
  await refuseAbsent(base, names, signal);
  const directory = directoryOf('--out', options.out, join(RESULTS, 'compare'));
  const opened: Checkout[] = [];
  const open = async (reference: string, packages: readonly string[]) => {
    opened.push(await openCheckout(reference, packages, signal));
    return opened.at(-1)!;
  };
  try {
    const before = await open(base, []);
    const after = options.with.length === 0 ? HERE : await open(await commitOfHere(signal), options.with);
    const first = await measureBoth({ before, after, names }, options, openSides(directory), signal);
    const regressed = regressedExperiments(first);
    if (options.confirm === false || regressed.length === 0) return first;
    console.error(`Regressed, and measured again: ${regressed.join(', ')}.`);
    return confirm(first, await measureBoth({ before, after, names: regressed }, options, () => {}, signal));
  } finally {
    await Promise.allSettled(opened.map((checkout) => checkout.remove()));
  }
}

/** An experiment that one side does not have has nothing to be compared with. */
async function refuseAbsent(reference: string, names: readonly string[], signal: AbortSignal): Promise<void> {
  const absent = await experimentsAbsentFrom(reference, names, signal);
  if (absent.length === 0) return;
  const list = absent.join(', ');
  throw new Incomparable(
    `${list} ${absent.length === 1 ? 'is' : 'are'} not in that commit (${reference}): there is nothing to compare with.`,
  );
}

/** Alternating rounds until all is decided, or the time is over. */
async function measureBoth(
  what: Pick<Alternation, 'before' | 'after' | 'names'>,
  { margin, strict = false, profile, rounds, within }: Options,
  keep: (sides: BothSides) => void,
  signal: AbortSignal,
): Promise<Comparison> {
  const endMs = performance.now() + within * 60_000;
  const compareSides = ({ before, after }: BothSides, strictly: boolean) =>
    compareRuns(before, after, { margin, strict: strictly, paired: true });
  const sides = await alternate(
    { ...what, profile, rounds, seed: randomInt(2 ** 32) },
    {
      started: (round, side) => console.error(`Round ${round} of at most ${rounds}: ${side}`),
      enough(soFar, round) {
        keep(soFar);
        // The first round tells whether they can be compared at all, and all of them whether they can be trusted.
        const decided = isDecided(compareSides(soFar, strict && round === 1));
        return round >= LEAST_ROUNDS && (decided || performance.now() > endMs);
      },
    },
    signal,
  );
  return compareSides(sides, strict);
}

/** Makes room for the records of both sides; returns what keeps them. */
function openSides(directory: string): (sides: BothSides) => void {
  const [keptBefore, keptAfter] = [join(directory, 'before'), join(directory, 'after')];
  for (const side of [keptBefore, keptAfter]) makeRoom('--out', side);
  return ({ before, after }) => {
    for (const record of before) writeRecord(keptBefore, record);
    for (const record of after) writeRecord(keptAfter, record);
  };
}

function recordsIn(directory: string): RunRecord[] {
  const path = resolve(directory);
  const records = existsSync(path) ? readRecords(path) : [];
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
