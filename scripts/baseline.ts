import { pathForPeople } from '../harness/path.ts';
import { recordFiles, writeRecord } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import type { Io } from './command.ts';
import { openDirectory } from './directory.ts';
import { setAside } from './previous.ts';

/**
 * Saves the records of a run as a baseline for comparisons. The records of measured experiments replace earlier ones;
 * other records in the directory stay. Reports are not saved, since the records contain all data.
 *
 * @param records those of the run, with status `ok` or `skipped`
 * @param directory is created if it does not exist
 * @param results the project's folder of runs
 * @throws one sentence if no experiment was measured, or the directory cannot be written
 */
export function keepBaseline(
  records: readonly RunRecord[],
  directory: string,
  results: string,
  { print }: Pick<Io, 'print'>,
): void {
  const measured = records.filter(({ status }) => status === 'ok');
  const names = measured.map(({ experiment }) => experiment.id);
  if (names.length === 0) throw new Error('No experiment was measured, so there is no baseline to keep.');
  openDirectory('--save-baseline', directory);
  const before = recordFiles(directory).map(({ experimentId }) => experimentId);
  const replaced = before.filter((name) => names.includes(name));
  const kept = setAside(directory, results, names);
  for (const record of measured) writeRecord(directory, record);

  const place = pathForPeople(directory);
  const others = before.filter((name) => !names.includes(name));
  const skipped = records
    .filter((record) => !measured.includes(record))
    .map(({ experiment }) => experiment.id);
  print(`Kept as a baseline in ${place}: ${names.join(', ')}.`);
  if (kept !== null)
    print(`Replaced, with the old records in ${pathForPeople(kept)}: ${replaced.join(', ')}.`);
  if (others.length > 0) print(`Left in ${place} as before: ${others.join(', ')}.`);
  if (skipped.length > 0) print(`Skipped, so not kept: ${skipped.join(', ')}.`);
}
