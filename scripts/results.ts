import { join, resolve } from 'node:path';
import { commandText } from '../harness/installation.ts';
import { type CatalogEntry, experimentOf } from '../harness/measure/plan/catalog.ts';
import { pathForPeople } from '../harness/path.ts';
import { readRecords } from '../harness/record/record-files.ts';
import type { RunRecord } from '../harness/record/schema.ts';
import { digestOf } from '../harness/report/digest.ts';
import { type Summary, summarise } from '../harness/report/summary.ts';
import { terminalTable } from '../harness/report/table.ts';
import { writeReport } from '../harness/report/write-report.ts';
import type { Io } from './command.ts';

/** The parts of the results to write and show. */
export interface Shown {
  /** False writes no reports. */
  readonly written: boolean;
  /** Whether the tables of all experiments come before the digest. */
  readonly tables: boolean;
  /** Where runs go by default. */
  readonly latest: string;
  /** The duration of the run, in ms. */
  readonly elapsedMs?: number | undefined;
}

/** The page of a run; what opens it need not name where runs go by default. */
function pageIn(directory: string, latest: string) {
  const place = directory === latest ? '' : pathForPeople(directory);
  return { file: pathForPeople(join(directory, 'report.html')), command: commandText('report', place) };
}

/** Writes the reports of a directory's records next to them, and prints the tables, if requested, and the digest. */
export async function showResults(
  catalog: readonly CatalogEntry[],
  directory: string,
  { print, warn }: Pick<Io, 'print' | 'warn'>,
  { written, tables, elapsedMs, latest }: Shown,
): Promise<Summary> {
  const records = readRecords(
    directory,
    catalog.map(({ id }) => id),
  );
  const known = experimentOf(catalog);
  const report = written ? await writeReport(directory, records, known) : null;
  const summary = report?.summary ?? summarise(records, known);
  if (tables) print(summary.experiments.map(terminalTable).join('\n'));
  const places = {
    page: written ? pageIn(directory, latest) : null,
    tables: tables || !written ? null : pathForPeople(join(directory, 'summary.md')),
    elapsedMs: elapsedMs ?? null,
  };
  for (const line of digestOf(summary, places)) print(line);
  if (report !== null && report.leftOut !== null) warn(report.leftOut);
  if (!written) print(`Records are in ${pathForPeople(directory)}.`);
  return summary;
}

/**
 * The records of a run.
 *
 * @param order ids of experiments that come first
 * @throws if there are no records
 */
export function recordsOfRun(directory: string, order: readonly string[] = []): RunRecord[] {
  const records = readRecords(resolve(directory), order);
  if (records.length === 0)
    throw new Error(`There are no records in ${directory}; ${commandText('bench')} creates them.`);
  return records;
}
