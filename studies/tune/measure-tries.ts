/** Measures how often `tune` is right: a target whose capacity is known is started for each try. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { describeEnvironment } from '../../harness/measure/process/environment.ts';
import type { Project } from '../../harness/project.ts';
import { writeFileWhole } from '../../harness/whole-file.ts';
import { machineFacts } from '../gate/kept.ts';
import { sweepByHand } from './sweep-by-hand.ts';
import { tryCase } from './try-case.ts';
import { CASES, SWEPT } from './tune-cases.ts';
import { tuneText } from './tune-table.ts';
import { resumeTuneTries, type TuneTries, writeTuneTries } from './tune-tries.ts';

/** What to measure. */
export interface AskedTries {
  /** Where tries are kept; the text about them goes beside it. */
  readonly file: string;
  /** Names. */
  readonly cases: readonly string[];
  /** The tries of each case in the end, with those that are kept. */
  readonly tries: number;
  /** The same of sweeps by hand. */
  readonly sweeps: number;
  /** Nothing begins later than this. */
  readonly withinMs: number;
}

/**
 * Measures the tries that are missing, one of each case in turn, and keeps each as it ends.
 *
 * @returns all tries so far
 * @throws one sentence if a target does not start, or the file holds tries of other conditions; the abort reason of `signal`
 */
export async function measureTuneTries(
  project: Project,
  asked: AskedTries,
  { signal, warn }: { signal: AbortSignal; warn: (line: string) => void },
): Promise<TuneTries> {
  const environment = await describeEnvironment(project);
  const commit = environment.git === null ? 'none' : environment.git.commit.slice(0, 9);
  let kept = resumeTuneTries(asked.file, { machine: machineFacts(environment) });
  mkdirSync(dirname(asked.file), { recursive: true });
  const startMs = performance.now();
  const keep = () => {
    writeTuneTries(asked.file, kept);
    writeFileWhole(asked.file.replace(/json$/, 'md'), `${tuneText(kept)}\n`);
  };
  keep();
  for (;;) {
    const next = nextOf(kept, asked);
    if (next === null || performance.now() - startMs >= asked.withinMs) return kept;
    const one = CASES.find(({ name }) => name === next.name)!;
    const seed = 1 + next.index + 1000 * CASES.indexOf(one);
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
    keep();
  }
}

/** The case with the fewest tries is next, so that all are begun when time is over; sweeps come last. */
export function nextOf(
  kept: TuneTries,
  { cases, tries, sweeps }: AskedTries,
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
