/** `history add`: puts a run into a history. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { addRun } from '../harness/history/history-files.ts';
import { runOfRecords } from '../harness/history/run-of-records.ts';
import { git } from '../harness/measure/checkout/git.ts';
import { pathForPeople } from '../harness/path.ts';
import type { Project } from '../harness/project.ts';
import { EXIT, type Io } from './command.ts';
import { recordsOfRun } from './results.ts';

/**
 * Adds the run of a directory.
 *
 * @returns the exit code; a run that is there already is no error
 * @throws one sentence if the directory has no run of one commit
 */
export async function addToHistory(
  project: Project,
  directory: string,
  folder: string,
  io: Io,
): Promise<number> {
  const records = recordsOfRun(directory, project.order);
  const files = records.map(({ experiment }) => join(directory, `${experiment.id}.json`));
  const measuredAt = instant(Math.max(...files.map((file) => statSync(file).mtimeMs)));
  const commit = records[0]!.environment.git?.commit;
  const committedAt = commit === undefined ? null : await dateOf(commit, project.root, io.signal);
  const run = runOfRecords(records, { committedAt: committedAt ?? measuredAt, measuredAt });
  if (committedAt === null)
    io.warn(`git does not know the commit ${commit}; the run stands at the time when it was measured.`);
  if (run.commit.dirty) io.warn(`Files differed from ${run.commit.id.slice(0, 9)} when this was measured.`);
  if (!run.trusted) io.warn('This run is not to be trusted: identical variants took different times.');
  const { name, known } = addRun(folder, run);
  const file = pathForPeople(join(folder, name));
  io.print(
    known
      ? `${file} has this run already.`
      : `${file}: ${run.rows.length} rows of ${run.commit.id.slice(0, 9)}.`,
  );
  return EXIT.done;
}

/** When a commit was made; null if git does not know it, as in a shallow clone. */
async function dateOf(commit: string, cwd: string, signal: AbortSignal): Promise<string | null> {
  const end = await git(['show', '--no-patch', '--format=%ct', '--end-of-options', commit], { cwd, signal });
  const seconds = Number(end.stdout.trim());
  return end.exitCode === 0 && seconds > 0 ? instant(seconds * 1000) : null;
}

function instant(timeMs: number): string {
  return new Date(timeMs).toISOString();
}
