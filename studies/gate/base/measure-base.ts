/**
 * Measures how often `compare --base` finds a row that was made slower, and calls one slower that was not. Each try is the
 * command as a user runs it, in a repository of its own: with its default rounds, rule to stop, repeats and confirmation.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadExperiment } from '../../../harness/measure/plan/catalog.ts';
import { workloadOf } from '../../../harness/measure/plan/variants.ts';
import { describeEnvironment } from '../../../harness/measure/process/environment.ts';
import { lastWordsOf, runProgram } from '../../../harness/measure/process/program.ts';
import type { Project } from '../../../harness/project.ts';
import type { Environment } from '../../../harness/record/schema.ts';
import { nameOf } from '../../../harness/report/comparison/compared-rows.ts';
import type { Comparison } from '../../../harness/report/comparison/comparison.ts';
import { changeOf } from '../../../harness/report/comparison/verdicts.ts';
import { writeFileWhole } from '../../../harness/whole-file.ts';
import { EXIT } from '../../../scripts/command.ts';
import { machineFacts } from '../kept.ts';
import { baseText } from './base-table.ts';
import { type BaseTries, type BaseTry, resumeTries, writeTries } from './base-tries.ts';
import { EXPERIMENT, type GateCase, SLOWED_ROW } from './gate-cases.ts';
import { openSlowedRepository } from './slowed-repository.ts';

const OVERLAP = join(import.meta.dirname, '../../..');
const COMMAND = ['--import', './scripts/require-node.js', 'scripts/compare.ts'].map((part) =>
  part.startsWith('--') ? part : join(OVERLAP, part),
);

/** Where the tries of a project are kept, and the table of them beside it. */
export function triesFileOf({ results }: Pick<Project, 'results'>): string {
  return join(results, 'studies', 'gate.json');
}

export function tableFileOf(project: Pick<Project, 'results'>): string {
  return triesFileOf(project).replace(/json$/, 'md');
}

/** What to measure. */
export interface WantedTries {
  /** Where tries are kept; the text about them goes beside it. */
  readonly file: string;
  readonly cases: readonly GateCase[];
  /** The tries of each case in the end, with those that are kept. */
  readonly tries: number;
  /** No try begins later than this. */
  readonly withinMs: number;
  readonly profile: 'quick' | 'smoke';
}

/**
 * Measures the tries that are missing, one of each case in turn, and keeps each as it ends.
 *
 * @param say takes a line for each try
 * @returns all tries so far
 * @throws one sentence if a comparison fails, or the file holds tries of other conditions; the abort reason of `signal`
 */
export async function measureTries(
  project: Project,
  { file, cases, tries: wanted, withinMs, profile }: WantedTries,
  { signal, say }: { readonly signal: AbortSignal; readonly say: (line: string) => void },
): Promise<BaseTries> {
  const environment = await describeEnvironment(project);
  let kept = resumeTries(file, await conditionsIn(project, environment, profile));
  mkdirSync(dirname(file), { recursive: true });
  const startMs = performance.now();
  for (;;) {
    const next = nextCase(kept, cases, wanted);
    if (next === null || performance.now() - startMs >= withinMs) return kept;
    const one = await measureTry(next, commitOf(environment), profile, signal);
    kept = { ...kept, tries: [...kept.tries, one] };
    writeTries(file, kept);
    writeFileWhole(file.replace(/json$/, 'md'), `${baseText(kept)}\n`);
    say(
      `${next.name}, ${countOf(kept, next)} of ${wanted}: ${one.seconds.toFixed(0)} s; regressed: ${one.confirmed.join('; ') || 'nothing'}.`,
    );
  }
}

/** The case with the fewest tries, so that all of them are begun when time is over; null if each has enough. */
export function nextCase(kept: BaseTries, cases: readonly GateCase[], wanted: number): GateCase | null {
  const [next] = cases.toSorted((one, other) => countOf(kept, one) - countOf(kept, other));
  return next === undefined || countOf(kept, next) >= wanted ? null : next;
}

function countOf({ tries }: BaseTries, { name }: GateCase): number {
  return tries.filter((one) => one.case === name).length;
}

/** One comparison by the command. */
async function measureTry(
  { name, share, margin }: GateCase,
  commit: string,
  profile: string,
  signal: AbortSignal,
): Promise<BaseTry> {
  const repository = await openSlowedRepository(signal);
  try {
    repository.slow(share);
    const json = join(repository.root, 'results', 'comparison.json');
    mkdirSync(dirname(json));
    const what = [EXPERIMENT, '--project', repository.root, '--base', 'HEAD'];
    const how = ['--margin', String(margin), '--profile', profile, '--json', json];
    const startMs = performance.now();
    const { GITHUB_STEP_SUMMARY, ...env } = process.env;
    const options = { cwd: repository.root, env, signal, attended: true };
    const end = await runProgram(process.execPath, [...COMMAND, ...what, ...how], options);
    const seconds = Math.round((performance.now() - startMs) / 100) / 10;
    if (end.exitCode !== EXIT.done && end.exitCode !== EXIT.regression)
      throw new Error(`A comparison failed: ${lastWordsOf(end)}`);
    return { case: name, commit, seconds, ...told(JSON.parse(readFileSync(json, 'utf8'))) };
  } finally {
    repository.remove();
  }
}

/** What a comparison says of the slowed row and of all rows. */
export function told({ rows }: Pick<Comparison, 'rows'>): Omit<BaseTry, 'case' | 'commit' | 'seconds'> {
  const slowed = rows.find(({ variant }) => variant === SLOWED_ROW)!;
  const namesOf = (...verdicts: readonly string[]) =>
    rows.filter(({ verdict }) => verdicts.includes(verdict)).map(nameOf);
  return {
    rounds: slowed.rounds.after,
    roundsAgain: slowed.again?.rounds.after ?? null,
    timeRatio: changeOf(slowed),
    regressed: namesOf('regressed', 'not confirmed'),
    confirmed: namesOf('regressed'),
    inconclusive: namesOf('inconclusive'),
  };
}

/** What must stay the same while tries are measured: the work, and the machine. */
async function conditionsIn(project: Project, environment: Environment, profile: string): Promise<object> {
  const entry = await loadExperiment(join(project.root, 'benchmarks', `${EXPERIMENT}.ts`));
  return { work: workloadOf(entry, profile), machine: machineFacts(environment) };
}

function commitOf({ git }: Environment): string {
  if (git === null || git === undefined) return 'none';
  return `${git.commit.slice(0, 9)}${git.dirty ? ', changed' : ''}`;
}
