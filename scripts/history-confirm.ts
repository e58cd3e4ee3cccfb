/** `history confirm`: measures the two commits around a change, now, and searches for the one between them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, type Bisection, bisect } from '../harness/history/bisection.ts';
import { changesOf, type HistoryChange } from '../harness/history/changes.ts';
import { readHistory } from '../harness/history/history-files.ts';
import { changeText, newestChangeFirst, seriesName } from '../harness/history/history-text.ts';
import { seriesOf } from '../harness/history/series.ts';
import { runGit } from '../harness/measure/checkout/git.ts';
import type { Project } from '../harness/project.ts';
import { Incomparable } from '../harness/report/comparison/comparability.ts';
import { nameOf } from '../harness/report/comparison/compared-rows.ts';
import type { Comparison, RowVerdict } from '../harness/report/comparison/comparison.ts';
import { EXIT, type Io } from './command.ts';
import { main as compare } from './compare.ts';
import type { HistoryOptions } from './history.ts';

type Options = Pick<HistoryOptions, 'row' | 'margin' | 'bisect' | 'prepare' | 'within'>;

/** Measures a row in two commits; null if it was not measured. `print` gets the table of the comparison. */
export type MeasureRow = (
  base: string,
  head: string,
  print: (line: string) => void,
) => Promise<RowVerdict | null>;

/** How the row of a change is measured; tests have their own way. */
export type Measuring = (asked: Asked) => MeasureRow;

interface Asked {
  readonly project: Project;
  readonly change: HistoryChange;
  readonly options: Options;
  readonly io: Io;
}

/**
 * Compares the commits before and after the newest slowdown of a history, or of one row.
 *
 * @returns the exit code: 3 if the row is slower, 0 if it is not, 2 if neither is proven
 * @throws Incomparable if no row got slower, or a commit cannot be had
 */
export async function confirmHistory(
  project: Project,
  folder: string,
  options: Options,
  io: Io,
  measuring: Measuring = byCompare,
): Promise<number> {
  const { runs, faults } = readHistory(folder);
  for (const fault of faults) io.warn(`Warning: ${fault}`);
  const change = slowdownIn(changesOf(seriesOf(runs), options.margin).changes, options.row);
  io.print(changeText(change));
  const name = seriesName(change.series);
  const [before, after] = change.between.map(({ run }) => run.commit.id) as [string, string];
  if (before === after)
    throw new Incomparable(
      `${name} changed between two runs of ${after.slice(0, 9)}, so the machine changed and not the code.`,
    );
  const measure = measuring({ project, change, options, io });
  const verdict = await measure(before, after, io.print);
  if (io.signal.aborted) return EXIT.interrupted;
  if (verdict !== 'regressed') {
    io.print(`Not confirmed: ${name} is ${verdict ?? 'not measured'} between these commits.`);
    return verdict === 'unchanged' || verdict === 'improved' ? EXIT.done : EXIT.nothingToCompare;
  }
  io.print(`Confirmed: ${name} is slower in ${after.slice(0, 9)} than in ${before.slice(0, 9)}.`);
  if (options.bisect) {
    const found = await bisectBetween(before, after, { project, io, measure });
    if (io.signal.aborted) return EXIT.interrupted;
    for (const line of await bisectionText(found, { project, io })) io.print(line);
  }
  return EXIT.regression;
}

/** The newest change that made a row slower. */
function slowdownIn(changes: readonly HistoryChange[], row: string | undefined): HistoryChange {
  const own = changes.filter(
    ({ series, ratio }) => ratio.value < 1 && (row === undefined || seriesName(series) === row),
  );
  const [newest] = newestChangeFirst(own);
  if (newest === undefined)
    throw new Incomparable(
      `${row === undefined ? 'No row' : row} got slower in this history, so there is nothing to confirm.`,
    );
  return newest;
}

/** Measures as `compare --base --head` does; the margin is half of the change in question. */
function byCompare({ project, change, options, io }: Asked): MeasureRow {
  const { series, ratio } = change;
  const margin = Math.max(0.01, (1 / ratio.value - 1) / 2).toFixed(3);
  const more = [
    ...(options.prepare === undefined ? [] : ['--prepare', options.prepare]),
    ...(options.within === undefined ? [] : ['--within', String(options.within)]),
  ];
  return async (base, head, print) => {
    const folder = mkdtempSync(join(tmpdir(), 'overlap-confirm-'));
    const json = join(folder, 'comparison.json');
    try {
      const asked = ['--base', base, '--head', head, '--profile', series.profile, '--margin', margin];
      const places = ['--json', json, '--project', project.root];
      await compare([series.experiment, ...asked, ...more, ...places], { ...io, print });
      const { rows }: Comparison = JSON.parse(readFileSync(json, 'utf8'));
      return rows.find((row) => nameOf(row) === seriesName(series))?.verdict ?? null;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

async function bisectBetween(
  before: string,
  after: string,
  { project, io, measure }: Pick<Asked, 'project' | 'io'> & { readonly measure: MeasureRow },
): Promise<Bisection> {
  const range = `${before}..${after}`;
  const options = { cwd: project.root, signal: io.signal };
  const listed = await runGit(['rev-list', '--reverse', '--first-parent', range], options);
  const commits = listed.split('\n').filter((line) => line !== '');
  return bisect(before, commits, async (commit): Promise<Answer> => {
    const short = commit.slice(0, 9);
    try {
      const verdict = (await measure(before, commit, () => {})) ?? 'not measured';
      io.signal.throwIfAborted();
      io.print(`${short}: ${verdict}`);
      if (verdict === 'regressed') return 'after';
      return verdict === 'unchanged' || verdict === 'improved' ? 'before' : { unknown: verdict };
    } catch (error) {
      io.signal.throwIfAborted();
      const reason = (error as Error).message;
      io.print(`${short} is skipped: ${reason}`);
      return { unknown: reason };
    }
  });
}

/** The answer, with the subject of the commit. */
async function bisectionText(
  { between, skipped }: Bisection,
  { project, io }: Pick<Asked, 'project' | 'io'>,
): Promise<string[]> {
  const [before, after] = between.map((commit) => commit.slice(0, 9));
  const options = { cwd: project.root, signal: io.signal };
  const subject = await runGit(['show', '--no-patch', '--format=%s', between[1]], options);
  if (skipped.length === 0) return [`The change came with ${after}: ${subject.trim()}`];
  const names = skipped.map(({ commit }) => commit.slice(0, 9)).join(', ');
  return [
    `The change came between ${before} and ${after}: ${subject.trim()}`,
    `Not decided between them: ${names}.`,
  ];
}
