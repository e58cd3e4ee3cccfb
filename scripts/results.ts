import { resolve } from 'node:path';
import { warningText } from '../harness/findings/warnings.ts';
import { type CatalogEntry, experimentOf } from '../harness/measure/plan/catalog.ts';
import { readRecords } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import { type Summary, summarise } from '../harness/report/summary.ts';
import { terminalTable } from '../harness/report/table.ts';
import { writeReport } from '../harness/report/write-report.ts';
import type { Io } from './command.ts';
import { pathForPeople } from './path.ts';

/**
 * Prints the tables of the records of a directory, and writes what follows from them beside them.
 *
 * @param written false leaves the records alone
 */
export async function showResults(
  catalog: readonly CatalogEntry[],
  directory: string,
  { print }: Pick<Io, 'print'>,
  written = true,
): Promise<Summary> {
  const records = readRecords(directory);
  const known = experimentOf(catalog);
  const { summary, pictures } = written
    ? await writeReport(directory, records, known)
    : { summary: summarise(records, known), pictures: [] };
  print(summary.experiments.map(terminalTable).join('\n'));
  for (const warning of summary.warnings) print(warningText(warning));
  const place = pathForPeople(directory);
  print(
    written ? `Records, tables and ${pictures.length} charts are in ${place}.` : `Records are in ${place}.`,
  );
  return summary;
}

/** The records of a run. @throws where there are none */
export function recordsOfRun(directory: string): RunRecord[] {
  const records = readRecords(resolve(directory));
  if (records.length === 0)
    throw new Error(`There are no records in ${directory}; npm run bench makes some.`);
  return records;
}
