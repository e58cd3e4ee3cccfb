/** The record of a search, `tune.json`: every step with every job, so that tables and pictures need nothing else. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { EnvironmentSchema } from '../record/schema.ts';
import { writeFileWhole } from '../whole-file.ts';

/** Increases when older releases would misread a record. */
export const TUNE_VERSION = 1;
/** The file of a record. */
export const TUNE_FILE = 'tune.json';

const Closed = { additionalProperties: false };
const Count = Type.Integer({ minimum: 0 });
const Figure = Type.Number({ minimum: 0 });
const Maybe = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);

const RefusalSchema = Type.Object({ what: Type.String(), byRate: Type.Boolean(), waitMs: Figure }, Closed);

const FiguresSchema = Type.Object(
  {
    jobs: Count,
    succeeded: Count,
    failed: Count,
    requests: Count,
    perSecond: Maybe(Figure),
    meanLatencyMs: Maybe(Figure),
    medianLatencyMs: Maybe(Figure),
    refusal: Maybe(RefusalSchema),
    refused: Count,
    exhausted: Maybe(Type.String()),
    failure: Maybe(Type.String()),
    peakAtSockets: Maybe(Count),
    peakSockets: Count,
    loopUtilization: Figure,
    cpuShare: Figure,
    longestDelayMs: Figure,
    seconds: Figure,
    cut: Type.Boolean(),
  },
  Closed,
);

const StepSchema = Type.Object(
  {
    phase: Type.Enum(['doubling', 'rounds', 'confirming']),
    limit: Type.Integer({ minimum: 1 }),
    jobs: Count,
    round: Type.Optional(Type.Integer({ minimum: 1 })),
    centre: Type.Optional(Type.Integer({ minimum: 1 })),
    /** When it began, since the start of the search. */
    atMs: Figure,
    figures: FiguresSchema,
    /** Start and end of each job in ms since the step's first, and how it ended. */
    samples: Type.Array(Type.Tuple([Type.Number(), Type.Number(), Type.Enum(['ok', 'failed', 'refused'])])),
  },
  Closed,
);

const ArrivalsSchema = Type.Object(
  {
    perSecond: Figure,
    /** Intended start, start and end in ms, and whether it succeeded. */
    arrivals: Type.Array(Type.Tuple([Figure, Figure, Figure, Type.Enum([0, 1])])),
    unfinished: Count,
    requests: Count,
    refused: Count,
    waitMs: Figure,
  },
  Closed,
);

const TuneRecordSchema = Type.Object(
  {
    schemaVersion: Type.Literal(TUNE_VERSION),
    /** What was tuned, without passwords and queries. */
    target: Type.Object({ kind: Type.Enum(['http', 'module', 'postgresql']), name: Type.String() }, Closed),
    seed: Type.Integer({ minimum: 0, maximum: 0xffff_ffff }),
    budget: Type.Object({ requests: Count, seconds: Figure, most: Count }, Closed),
    jobLimitMs: Figure,
    /** Why it ended. */
    ending: Type.Enum(['found', 'requests', 'seconds', 'interrupted']),
    requests: Count,
    seconds: Figure,
    requestsOfJob: Count,
    environment: EnvironmentSchema,
    /** The answer and the reason, as they were printed. */
    words: Type.Array(Type.String()),
    steps: Type.Array(StepSchema),
    arrivals: Type.Array(ArrivalsSchema),
  },
  Closed,
);

export type TuneRecord = Static<typeof TuneRecordSchema>;

/** @throws Error, one sentence, if the record does not fit its schema, or cannot be written */
export function writeTuneRecord(directory: string, record: TuneRecord): void {
  checkTuneRecord(TUNE_FILE, record);
  writeFileWhole(join(directory, TUNE_FILE), `${JSON.stringify(record)}\n`);
}

/**
 * Reads the record of a directory.
 *
 * @returns null without that file
 * @throws Error, one sentence, if the file is no such record
 */
export function readTuneRecord(directory: string): TuneRecord | null {
  const file = join(directory, TUNE_FILE);
  if (!existsSync(file)) return null;
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new Error(`${file} is not JSON, or was cut short: ${(error as Error).message}.`);
  }
  checkTuneRecord(file, value);
  return value;
}

function checkTuneRecord(name: string, value: unknown): asserts value is TuneRecord {
  if (Value.Check(TuneRecordSchema, value)) return;
  const [fault] = Value.Errors(TuneRecordSchema, value);
  throw new Error(
    `${name} is not a record of tune: ${fault?.instancePath || 'the whole'} ${fault?.message}.`,
  );
}
