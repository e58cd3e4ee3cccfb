import { resolve } from 'node:path';
import { type CatalogEntry, findingsOf } from '../harness/measure/catalog.ts';
import { type RunRecord, readRecords, removeRecords } from '../harness/record.ts';
import { removeReport, writeReport } from '../harness/report/report.ts';
import type { Summary } from '../harness/report/summary.ts';
import { terminalTable } from '../harness/report/table.ts';
import { pathForPeople } from './path.ts';

/** Writes what follows from the records of a directory, and prints its tables. */
export function showResults(catalog: readonly CatalogEntry[], directory: string): Summary {
  const { summary, pictures } = writeReport(directory, readRecords(directory), findingsOf(catalog));
  console.log(summary.experiments.map(terminalTable).join('\n'));
  for (const warning of summary.warnings) console.log(warning);
  console.log(`Records, tables and ${pictures.length} charts are in ${pathForPeople(directory)}.`);
  return summary;
}

/** The records of a run. @throws where there are none */
export function recordsOfRun(directory: string): RunRecord[] {
  const records = readRecords(resolve(directory));
  if (records.length === 0)
    throw new Error(`There are no records in ${directory}; npm run bench makes some.`);
  return records;
}

/** Removes an earlier run; refuses where something else lies there. */
export function removeResults(directory: string): void {
  removeRecords(directory);
  removeReport(directory);
}
