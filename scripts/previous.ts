import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import { type RecordFile, recordFiles } from '../harness/record/record-files.ts';
import { reportFiles } from '../harness/report/write-report.ts';
import type { Io } from './command.ts';
import { openDirectory } from './directory.ts';
import { pathForPeople } from './path.ts';

/** So many earlier runs of each directory are kept. */
const KEPT = 5;
/** When the run ended, in UTC, as a file's name may have it; then the name of the directory that it was in. */
const NAME = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z-(.+?)(~\d+)?$/;

/**
 * Makes sure that a run can be written to a directory. What an earlier one left there is kept elsewhere, and standard
 * error is told where.
 *
 * @param option names the directory in messages, as in `--out`
 * @param results where the project keeps runs
 * @throws in one sentence where the directory cannot be written or has something else in it; nothing has changed then
 */
export function makeRoom(
  option: string,
  directory: string,
  results: string,
  { warn }: Pick<Io, 'warn'>,
): void {
  openDirectory(option, directory);
  const kept = setAside(directory, results);
  if (kept !== null) warn(`The earlier run is kept in ${pathForPeople(kept)}.`);
}

/**
 * Moves an earlier run out of its directory: to `results/previous/` from within `results/`, else to `previous/` in the
 * directory itself. The oldest of those that are kept there goes. A run that measured nothing is not kept, so that it
 * cannot push out one that did.
 *
 * @param results where the project keeps runs
 * @param experiments moves these of its records, and the report where there are any; all, where left out
 * @returns where it is now, or null where nothing was kept
 * @throws RecordError where the directory has a file of somebody else; Error, in one sentence, where nothing can be moved
 */
export function setAside(directory: string, results: string, experiments?: readonly string[]): string | null {
  const records = recordFiles(directory).filter(
    ({ experimentId }) => experiments?.includes(experimentId) ?? true,
  );
  if (experiments !== undefined && records.length === 0) return null;
  const files = [...records.map(({ file }) => file), ...reportFiles(directory)];
  if (!records.some(({ measured }) => measured)) {
    for (const file of files) rmSync(file);
    return null;
  }
  const { previous, name } = placeFor(directory, results);
  const stamp = new Date(newestMs(records))
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
  const place = unused(join(previous, `${stamp}-${name}`));
  try {
    for (const file of files) move(file, join(place, relative(directory, file)));
  } catch (error) {
    throw new Error(
      `The earlier run in ${directory} cannot be kept in ${place}: ${(error as Error).message}; choose another directory.`,
    );
  }
  prune(previous, name);
  return place;
}

/** Where runs of a directory are kept, and under which name. */
function placeFor(directory: string, results: string): { previous: string; name: string } {
  const path = relative(results, directory);
  return path === '' || path.startsWith('..')
    ? { previous: join(directory, 'previous'), name: basename(directory) }
    : { previous: join(results, 'previous'), name: path.replaceAll(sep, '-') };
}

function newestMs(records: readonly RecordFile[]): number {
  return Math.max(...records.map(({ file }) => statSync(file).mtimeMs));
}

/** The path itself, or one with a number where that is taken. */
function unused(path: string): string {
  let free = path;
  for (let number = 2; existsSync(free); number++) free = `${path}~${number}`;
  return free;
}

function move(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    copyFileSync(from, to);
    rmSync(from);
  }
}

/** Removes the oldest of the runs that are kept under a name, but nothing that is no part of a run. */
function prune(previous: string, name: string): void {
  const kept = readdirSync(previous).filter((entry) => NAME.exec(entry)?.[1] === name);
  for (const entry of kept.sort().slice(0, -KEPT)) {
    const directory = join(previous, entry);
    try {
      for (const file of [...recordFiles(directory).map(({ file }) => file), ...reportFiles(directory)])
        rmSync(file);
      for (const folder of [join(directory, 'charts'), directory]) if (existsSync(folder)) rmdirSync(folder);
    } catch {
      // Somebody has put files of their own there: what is left stays.
    }
  }
}
