/**
 * Measures how often `tune` is right, where the truth is known, and what a sweep by hand does. It keeps each try as it
 * ends, and goes on from there. Keep the machine idle meanwhile. `npm run measure-tune`.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { describeEnvironment } from '../../harness/measure/process/environment.ts';
import { openProject, type Project } from '../../harness/project.ts';
import { writeFileWhole } from '../../harness/whole-file.ts';
import { EXIT, runCommand, wholeNumber } from '../../scripts/command.ts';
import { machineFacts } from '../gate/kept.ts';
import { sweepByHand } from './sweep-by-hand.ts';
import { tryCase } from './try-case.ts';
import { CASES, SWEPT } from './tune-cases.ts';
import { tuneText, WANTED } from './tune-table.ts';
import { readTuneTries, resumeTuneTries, type TuneTries, writeTuneTries } from './tune-tries.ts';

const NAMES = CASES.map(({ name }) => name);

const command = new Command('npm run measure-tune --')
  .description('Measures how often tune is right. A try takes 5 to 20 seconds, and is kept as it ends.')
  .option('--cases <names>', `only these, separated by commas: ${NAMES.join(', ')}`, caseNames, NAMES)
  .option(
    '--tries <n>',
    'the tries of each case in the end, with those that are kept',
    wholeNumber(0, 10_000),
    WANTED.tries,
  )
  .option(
    '--sweeps <n>',
    `the sweeps by hand in the end, of ${SWEPT.join(', ')}; each takes 70 seconds`,
    wholeNumber(0, 1000),
    0,
  )
  .option(
    '--within <seconds>',
    'begin no try later than this; the same command then goes on',
    wholeNumber(1, 86_400),
  )
  .option('--file <path>', 'where the tries are kept (default: results/studies/tune.json)')
  .option('--table', 'print the table of the kept tries, and measure nothing');

await runCommand(async (argv, { signal, warn, print }) => {
  command.parse(argv, { from: 'user' });
  const { cases, tries, sweeps, within = Number.POSITIVE_INFINITY, table, ...given } = command.opts();
  const project = await openProject(join(import.meta.dirname, '../..'));
  const file = given.file ?? join(project.results, 'studies', 'tune.json');
  if (table) {
    const kept = readTuneTries(file);
    if (kept === null) throw new Error(`There are no tries in ${file}.`);
    print(tuneText(kept));
    return EXIT.done;
  }
  const asked = { file, cases, tries, sweeps, withinMs: within * 1000 };
  const kept = await measure(project, asked, { signal, warn });
  print(tuneText(kept));
  return EXIT.done;
});

interface Asked {
  readonly file: string;
  readonly cases: readonly string[];
  readonly tries: number;
  readonly sweeps: number;
  readonly withinMs: number;
}

async function measure(
  project: Project,
  asked: Asked,
  { signal, warn }: { signal: AbortSignal; warn: (line: string) => void },
): Promise<TuneTries> {
  const environment = await describeEnvironment(project);
  const commit = environment.git === null ? 'none' : environment.git.commit.slice(0, 9);
  let kept = resumeTuneTries(asked.file, { machine: machineFacts(environment) });
  mkdirSync(dirname(asked.file), { recursive: true });
  const startMs = performance.now();
  for (;;) {
    const next = nextOf(kept, asked);
    if (next === null || performance.now() - startMs >= asked.withinMs) return kept;
    const one = CASES.find(({ name }) => name === next.name)!;
    const seed = 1 + next.index + 1000 * NAMES.indexOf(next.name);
    if (next.kind === 'try') {
      const result = await tryCase(one, { seed, commit, signal });
      kept = { ...kept, tries: [...kept.tries, result] };
      warn(
        `${one.name}, ${next.index + 1}: ${one.isRight(result) ? 'right' : 'WRONG'}, ${JSON.stringify(result.answer ?? result.error)}`,
      );
    } else {
      const result = await sweepByHand(one, { seed, signal });
      kept = { ...kept, sweeps: [...kept.sweeps, result] };
      warn(`${one.name}, sweep ${next.index + 1}: ${JSON.stringify(result)}`);
    }
    writeTuneTries(asked.file, kept);
    writeFileWhole(asked.file.replace(/json$/, 'md'), `${tuneText(kept)}\n`);
  }
}

/** The case with the fewest tries is next, so that all are begun when time is over; sweeps come last. */
function nextOf(
  kept: TuneTries,
  { cases, tries, sweeps }: Asked,
): { readonly kind: 'try' | 'sweep'; readonly name: string; readonly index: number } | null {
  const fewest = (names: readonly string[], list: readonly { readonly case: string }[], wanted: number) => {
    const counts = names.map((name) => ({ name, index: list.filter((one) => one.case === name).length }));
    const [first] = counts.sort((one, other) => one.index - other.index);
    return first === undefined || first.index >= wanted ? null : first;
  };
  const nextTry = fewest(cases, kept.tries, tries);
  if (nextTry !== null) return { kind: 'try', ...nextTry };
  const swept = SWEPT.filter((name) => cases.includes(name));
  const nextSweep = fewest(swept, kept.sweeps, sweeps);
  return nextSweep === null ? null : { kind: 'sweep', ...nextSweep };
}

/** Parses names of cases, separated by commas. */
function caseNames(text: string): string[] {
  const names = text.split(',');
  const unknown = names.find((name) => !NAMES.includes(name));
  if (unknown !== undefined) throw new InvalidArgumentError(`There is no case "${unknown}".`);
  return names;
}
