/** Records as JSON files: the only reader and writer of them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Compile } from 'typebox/compile';
import { CHART_KINDS } from '../charts/kinds.ts';
import { writeFileWhole } from '../whole-file.ts';
import { type RunRecord, RunRecordSchema, SCHEMA_VERSION } from './schema.ts';
import { fromVersion2 } from './version-2.ts';

/** Records grow to thousands of samples and are checked after every round. */
const CHECK = Compile(RunRecordSchema);

/** A file that is no record; the message is one sentence that names the file and says what is wrong. */
export class RecordError extends Error {}

/**
 * Reads a record, of this schema version or an earlier one from 2 on.
 *
 * @param file its path
 * @throws RecordError where the file cannot be read, is no JSON, or is no record of these versions
 */
export function readRecord(file: string): RunRecord {
  const record = currentVersion(file, parse(file, readText(file)));
  checkRecord(file, record);
  if (basename(file) !== `${record.experiment.id}.json`)
    throw new RecordError(`${file} is the record of ${record.experiment.id}, and should be named like it.`);
  return record;
}

/** The record as one of this version. @throws RecordError where its version is another, or none */
function currentVersion(file: string, value: unknown): unknown {
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version === SCHEMA_VERSION) return value;
  if (version === 2) return fromVersion2(value as Record<string, unknown>);
  const known = `this Overlap reads versions 2 and ${SCHEMA_VERSION}`;
  const advice = typeof version === 'number' && version > SCHEMA_VERSION ? ': a newer release reads it' : '';
  throw new RecordError(
    `${file} has schema version ${JSON.stringify(version) ?? 'none'}, and ${known}${advice}.`,
  );
}

/**
 * Checks what is read, and what is to be written.
 *
 * @param name of the file, for the message
 * @throws RecordError where it is no record: the message names the place that is wrong
 */
export function checkRecord(name: string, value: unknown): asserts value is RunRecord {
  refuseUnknownCharts(name, value);
  if (!CHECK.Check(value)) {
    const [fault] = CHECK.Errors(value);
    // Of a field that nobody knows a schema says only that it is false.
    const wrong = fault?.keyword === 'boolean' ? 'is no field of it' : (fault?.message ?? 'is wrong');
    throw new RecordError(`${name} is not a record: ${fault?.instancePath || 'the whole'} ${wrong}.`);
  }
  const strayed = value.samples.findIndex((sample) => sample.variant >= value.variants.length);
  if (strayed !== -1)
    throw new RecordError(
      `${name} is not a record: sample ${strayed} names a variant that is not in its list.`,
    );
}

/** Of a union a schema says only that nothing fits. */
function refuseUnknownCharts(file: string, value: unknown): void {
  const { charts } = value as { charts?: unknown };
  const kinds = Array.isArray(charts)
    ? charts.map((chart) => (chart as { kind?: unknown } | null)?.kind)
    : [];
  const unknown = kinds.find((kind) => !CHART_KINDS.has(String(kind)));
  if (unknown !== undefined)
    throw new RecordError(
      `${file} has a chart of kind ${JSON.stringify(unknown)}, and this Overlap has ${[...CHART_KINDS.keys()].join(', ')}.`,
    );
}

/**
 * Writes a record whole or not at all; the directory must exist.
 *
 * @throws RecordError where it could not be read again
 */
export function writeRecord(directory: string, record: RunRecord): void {
  checkRecord(`${record.experiment.id}.json`, record);
  writeFileWhole(recordFile(directory, record.experiment.id), `${JSON.stringify(record)}\n`);
}

/**
 * Reads every record of a directory of results.
 *
 * @param order ids of experiments that come first, in this order; others follow by their names
 * @returns none where the directory does not exist
 * @throws RecordError where a file that should be a record is none
 */
export function readRecords(directory: string, order: readonly string[] = []): RunRecord[] {
  const placeOf = ({ experiment: { id } }: RunRecord) =>
    order.includes(id) ? order.indexOf(id) : order.length;
  return recordNames(directory)
    .map((name) => readRecord(join(directory, name)))
    .toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** The file of a record, as far as one needs to know it to keep it or to put it away, whatever its schema version. */
export interface RecordFile {
  /** Its path. */
  readonly file: string;
  readonly experimentId: string;
  /** Whether it has any sample. */
  readonly measured: boolean;
}

/**
 * The files of the records of an earlier run.
 *
 * @returns none where the directory does not exist
 * @throws RecordError where a file is no record: it is somebody's own
 */
export function recordFiles(directory: string): RecordFile[] {
  return recordNames(directory).map((name) => {
    const file = join(directory, name);
    const value = parse(file, readText(file)) as Partial<RunRecord> | null;
    if (typeof value?.schemaVersion !== 'number' || typeof value.experiment !== 'object')
      throw new RecordError(
        `${file} is no record of an earlier run and would be lost; choose another directory.`,
      );
    const measured = Array.isArray(value.samples) && value.samples.length > 0;
    return { file, experimentId: basename(name, '.json'), measured };
  });
}

/** Every JSON file of the directory but the summary is a record. */
function recordNames(directory: string): string[] {
  if (!existsSync(directory)) return [];
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json') && name !== 'summary.json')
      .sort();
  } catch (error) {
    throw new RecordError(`${directory} cannot be read: ${(error as Error).message}.`);
  }
}

/** Where the record of an experiment lies in a directory of results. */
function recordFile(directory: string, experimentId: string): string {
  return join(directory, `${experimentId}.json`);
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new RecordError(`${file} cannot be read: ${(error as Error).message}.`);
  }
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RecordError(`${file} is not JSON, or was cut short: ${(error as Error).message}.`);
  }
}
