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
import { pathForPeople } from '../harness/path.ts';
import { type RecordFile, recordFiles } from '../harness/record/record-files.ts';
import { tuneFiles } from '../harness/report/tune/tune-files.ts';
import { reportFiles } from '../harness/report/write-report.ts';
import { TUNE_FILE } from '../harness/tune/tune-record.ts';
import type { Io } from './command.ts';
import { openDirectory } from './directory.ts';

/** The number of earlier runs that are kept per directory. */
const KEPT = 5;
/** The end of the run in UTC, in characters that file names may have, then the name of its directory. */
const NAME = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}Z-(.+?)(~\d+)?$/;

/**
 * Prepares a directory for a run. An earlier run there moves elsewhere, and a line on standard error names the place.
 *
 * @param option the name of the directory in messages, as in `--out`
 * @param results the project's folder of runs
 * @throws one sentence if the directory cannot be written or has other files; nothing is changed then
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
 * Moves an earlier run out of its directory: from within `results/` to `results/previous/`, otherwise to `previous/` in
 * the directory itself. The oldest run there is removed. A run without samples is not kept, since it would replace one
 * with samples.
 *
 * @param results the project's folder of runs
 * @param experiments moves only these records, and the report if there are any; all records if left out
 * @returns the new place, or null if nothing was kept
 * @throws RecordError if the directory has files that are not Overlap's; Error, one sentence, if moving fails
 */
export function setAside(directory: string, results: string, experiments?: readonly string[]): string | null {
  const records = recordFiles(directory).filter(
    ({ experimentId }) => experiments?.includes(experimentId) ?? true,
  );
  if (experiments !== undefined && records.length === 0) return null;
  // A search that lies beside the records belongs to the page that has a section about it.
  const files = [
    ...records.map(({ file }) => file),
    ...reportFiles(directory),
    ...(experiments === undefined ? tuneFiles(directory) : []),
  ];
  if (!records.some(({ measured }) => measured)) {
    for (const file of files) rmSync(file);
    return null;
  }
  const { previous, name } = placeFor(directory, results);
  const stamp = stampOf(newestMs(records));
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

/** Moves the files of an earlier search for a limit out of its directory, to the place of earlier runs. */
export function setTuneAside(directory: string, results: string): void {
  const files = tuneFiles(directory);
  if (!files.some((file) => basename(file) === TUNE_FILE)) return;
  const { previous, name } = placeFor(directory, results);
  const place = unused(join(previous, `${stampOf(statSync(join(directory, TUNE_FILE)).mtimeMs)}-${name}`));
  for (const file of files) move(file, join(place, basename(file)));
  prune(previous, name);
}

/** A time in UTC, in characters that file names may have. */
function stampOf(timeMs: number): string {
  return new Date(timeMs)
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replaceAll(':', '-');
}

/** The place and the name under which runs of a directory are kept. */
function placeFor(directory: string, results: string): { previous: string; name: string } {
  const path = relative(results, directory);
  return path === '' || path.startsWith('..')
    ? { previous: join(directory, 'previous'), name: basename(directory) }
    : { previous: join(results, 'previous'), name: path.replaceAll(sep, '-') };
}

function newestMs(records: readonly RecordFile[]): number {
  return Math.max(...records.map(({ file }) => statSync(file).mtimeMs));
}

/** The path itself, or if it is taken, a path with a number. */
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

/** Removes the oldest runs that are kept under a name, but only files that belong to a run. */
function prune(previous: string, name: string): void {
  const kept = readdirSync(previous).filter((entry) => NAME.exec(entry)?.[1] === name);
  for (const entry of kept.sort().slice(0, -KEPT)) {
    const directory = join(previous, entry);
    try {
      for (const file of [
        ...recordFiles(directory).map(({ file }) => file),
        ...reportFiles(directory),
        ...tuneFiles(directory),
      ])
        rmSync(file);
      for (const folder of [join(directory, 'charts'), directory]) if (existsSync(folder)) rmdirSync(folder);
    } catch {
      // The folder has other files of the user, which stay.
    }
  }
}
