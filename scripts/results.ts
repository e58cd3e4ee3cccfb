import { join, resolve } from 'node:path';
import { type CatalogEntry, experimentOf } from '../harness/measure/plan/catalog.ts';
import { readRecords } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import { digestOf } from '../harness/report/digest.ts';
import { type Summary, summarise } from '../harness/report/summary.ts';
import { terminalTable } from '../harness/report/table.ts';
import { writeReport } from '../harness/report/write-report.ts';
import type { Io } from './command.ts';
import { pathForPeople } from './path.ts';

/** What of the results is written and shown. */
export interface Shown {
  /** False leaves the records alone. */
  readonly written: boolean;
  /** Whether the tables of all experiments come before the digest. */
  readonly tables: boolean;
  /** Where runs go by default. */
  readonly latest: string;
  /** How long the run took, in ms. */
  readonly elapsedMs?: number | undefined;
}

/** The page of a run; what opens it need not name where runs go by default. */
function pageIn(directory: string, latest: string) {
  const place = directory === latest ? '' : ` -- ${pathForPeople(directory)}`;
  return { file: pathForPeople(join(directory, 'report.html')), command: `npm run report${place}` };
}

/** Writes what follows from the records of a directory beside them, and prints it: tables if they are wanted, then the digest. */
export async function showResults(
  catalog: readonly CatalogEntry[],
  directory: string,
  { print }: Pick<Io, 'print'>,
  { written, tables, elapsedMs, latest }: Shown,
): Promise<Summary> {
  const records = readRecords(
    directory,
    catalog.map(({ id }) => id),
  );
  const known = experimentOf(catalog);
  const summary = written
    ? (await writeReport(directory, records, known)).summary
    : summarise(records, known);
  if (tables) print(summary.experiments.map(terminalTable).join('\n'));
  const places = {
    page: written ? pageIn(directory, latest) : null,
    tables: tables || !written ? null : pathForPeople(join(directory, 'summary.md')),
    elapsedMs: elapsedMs ?? null,
  };
  for (const line of digestOf(summary, places)) print(line);
  if (!written) print(`Records are in ${pathForPeople(directory)}.`);
  return summary;
}

/**
 * The records of a run.
 *
 * @param order ids of experiments that come first
 * @throws where there are no records
 */
export function recordsOfRun(directory: string, order: readonly string[] = []): RunRecord[] {
  const records = readRecords(resolve(directory), order);
  if (records.length === 0)
    throw new Error(`There are no records in ${directory}; npm run bench makes some.`);
  return records;
}
