import { recordFiles, writeRecord } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import type { Io } from './command.ts';
import { openDirectory } from './directory.ts';
import { pathForPeople } from './path.ts';
import { setAside } from './previous.ts';

/**
 * Keeps the records of a run for comparisons: those of experiments that were measured, in place of earlier ones. Only
 * records, since all else follows from them; others in the directory stay. Prints what has become of which.
 *
 * @param records of the run, all of which ended well or were skipped
 * @param directory is made where it is not there
 * @param results where the project keeps runs
 * @throws in one sentence where nothing was measured, or the directory cannot be written
 */
export function keepBaseline(
  records: readonly RunRecord[],
  directory: string,
  results: string,
  { print }: Pick<Io, 'print'>,
): void {
  const measured = records.filter(({ status }) => status === 'ok');
  const names = measured.map(({ experiment }) => experiment.id);
  if (names.length === 0) throw new Error('Nothing was measured that could be kept as a baseline.');
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
  if (kept !== null) print(`Replaced, and still in ${pathForPeople(kept)}: ${replaced.join(', ')}.`);
  if (others.length > 0) print(`Left in ${place} as before: ${others.join(', ')}.`);
  if (skipped.length > 0) print(`Skipped, and so not kept: ${skipped.join(', ')}.`);
}
