/** Reads and writes records as JSON files; no other module does. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Compile } from 'typebox/compile';
import { CHART_KINDS } from '../charts/kinds.ts';
import { placeInOrder } from '../experiment-order.ts';
import { writeFileWhole } from '../whole-file.ts';
import { type RunRecord, RunRecordSchema, SCHEMA_VERSION } from './schema.ts';
import { fromVersion2 } from './version-2.ts';

/** JSON files in a directory of results that are no records of experiments. */
const OTHERS = new Set(['summary.json', 'tune.json']);
/** Compiled, since records with thousands of samples are checked after every round. */
const CHECK = Compile(RunRecordSchema);

/** A file is not a record; the message is one sentence that names the file and the fault. */
export class RecordError extends Error {}

/**
 * Reads a record, of this schema version or an earlier one from 2 on.
 *
 * @param file its path
 * @throws RecordError if the file cannot be read, is not JSON, or is not a record of these versions
 */
export function readRecord(file: string): RunRecord {
  const record = currentVersion(file, parse(file, readText(file)));
  checkRecord(file, record);
  if (basename(file) !== `${record.experiment.id}.json`)
    throw new RecordError(`${file} is the record of ${record.experiment.id}, and should be named like it.`);
  return record;
}

/** Converts a record to this version. @throws RecordError if its version is unknown or missing */
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
 * Checks a record after reading and before writing.
 *
 * @param name the file's name, for the message
 * @throws RecordError if it is not a record: the message names the wrong field
 */
export function checkRecord(name: string, value: unknown): asserts value is RunRecord {
  refuseUnknownCharts(name, value);
  if (!CHECK.Check(value)) {
    const [fault] = CHECK.Errors(value);
    // For an unknown field, the schema's only message is that it is false.
    const wrong = fault?.keyword === 'boolean' ? 'is not a field of it' : (fault?.message ?? 'is wrong');
    throw new RecordError(`${name} is not a record: ${fault?.instancePath || 'the whole'} ${wrong}.`);
  }
  const strayed = value.samples.findIndex((sample) => sample.variant >= value.variants.length);
  if (strayed !== -1)
    throw new RecordError(
      `${name} is not a record: sample ${strayed} names a variant that is not in its list.`,
    );
}

/** For a union, the schema's only message is that no member fits. */
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
 * Writes a record atomically; the directory must exist.
 *
 * @throws RecordError if it does not fit the schema
 */
export function writeRecord(directory: string, record: RunRecord): void {
  checkRecord(`${record.experiment.id}.json`, record);
  writeFileWhole(recordFile(directory, record.experiment.id), `${JSON.stringify(record)}\n`);
}

/**
 * Reads every record of a directory of results.
 *
 * @param order ids of experiments that come first, in this order; others follow by their names
 * @returns an empty list if the directory does not exist
 * @throws RecordError if a file is not a record
 */
export function readRecords(directory: string, order: readonly string[] = []): RunRecord[] {
  const placeOf = ({ experiment }: RunRecord) => placeInOrder(order, experiment.id);
  return recordNames(directory)
    .map((name) => readRecord(join(directory, name)))
    .toSorted((one, other) => placeOf(one) - placeOf(other));
}

/** The file of a record of any schema version, with what is needed to move or keep it. */
export interface RecordFile {
  /** Its path. */
  readonly file: string;
  readonly experimentId: string;
  /** Whether it has samples. */
  readonly measured: boolean;
}

/**
 * The files of the records of an earlier run.
 *
 * @returns an empty list if the directory does not exist
 * @throws RecordError if a file is not a record, since it may be the user's own file
 */
export function recordFiles(directory: string): RecordFile[] {
  return recordNames(directory).map((name) => {
    const file = join(directory, name);
    const value = parse(file, readText(file)) as Partial<RunRecord> | null;
    if (typeof value?.schemaVersion !== 'number' || typeof value.experiment !== 'object')
      throw new RecordError(
        `${file} is not a record of an earlier run and would be lost; choose another directory.`,
      );
    const measured = Array.isArray(value.samples) && value.samples.length > 0;
    return { file, experimentId: basename(name, '.json'), measured };
  });
}

/** Every JSON file in the directory is a record, but those of other kinds. */

function recordNames(directory: string): string[] {
  if (!existsSync(directory)) return [];
  try {
    return readdirSync(directory)
      .filter((name) => name.endsWith('.json') && !OTHERS.has(name))
      .sort();
  } catch (error) {
    throw new RecordError(`${directory} cannot be read: ${(error as Error).message}.`);
  }
}

/** The path of an experiment's record in a directory of results. */
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
