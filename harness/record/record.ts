/**
 * The record of one experiment's run, as JSON on disk: the only bridge from measuring to reporting, and this
 * file its only reader and writer.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';
import { writeFileWhole } from '../whole-file.ts';

/** Rises when an older reader would misread a record. */
export const SCHEMA_VERSION = 2;

const Milliseconds = Type.Number({ minimum: 0 });
const Count = Type.Integer({ minimum: 0 });
const Closed = { additionalProperties: false };

const EnvironmentSchema = Type.Object(
  {
    node: Type.String(),
    v8: Type.String(),
    libuv: Type.String(),
    /** The undici that node_modules holds, and the one that Node carries inside for its own fetch. */
    undici: Type.Object({ installed: Type.String(), insideNode: Type.String() }, Closed),
    packages: Type.Record(Type.String(), Type.String()),
    cpu: Type.Object({ model: Type.String(), count: Count }, Closed),
    memoryBytes: Count,
    os: Type.Object({ platform: Type.String(), release: Type.String(), arch: Type.String() }, Closed),
    /** The load average of one minute before the run began. */
    loadBefore: Type.Number({ minimum: 0 }),
    /** Null where git names no commit; `dirty` is null where it cannot tell. A warning has the reason. */
    git: Type.Union([
      Type.Object({ commit: Type.String(), dirty: Type.Union([Type.Boolean(), Type.Null()]) }, Closed),
      Type.Null(),
    ]),
    /**
     * Environment variables that may have changed what was measured (null: the value may hold a path or a password), and
     * the names of those that were kept from it, as proxies are.
     */
    variables: Type.Optional(
      Type.Object(
        {
          set: Type.Record(Type.String(), Type.Union([Type.String(), Type.Null()])),
          dropped: Type.Array(Type.String()),
        },
        Closed,
      ),
    ),
    warnings: Type.Array(Type.String()),
  },
  Closed,
);

const VariantSchema = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    group: Type.String(),
    baseline: Type.Boolean(),
    /** Runs twice a round: the A/A pair of its group. */
    control: Type.Boolean(),
    /** One of those that the experiment is run for. */
    headline: Type.Boolean(),
    peer: Type.Boolean(),
    /** A peer's: which row of ours it is set beside. */
    nearest: Type.Optional(Type.String()),
    /** Why it has no further samples. */
    error: Type.Optional(Type.String()),
    jobs: Type.Integer({ minimum: 1 }),
    limit: Type.Integer({ minimum: 1 }),
    /** The name of the target it waits on. */
    target: Type.String({ minLength: 1 }),
    /** In how many measured rounds it runs: the first ones. */
    rounds: Type.Integer({ minimum: 1 }),
    parameters: Type.Record(Type.String(), Type.Union([Type.Number(), Type.String(), Type.Boolean()])),
  },
  Closed,
);

const SampleSchema = Type.Object(
  {
    round: Type.Integer({ minimum: 1 }),
    /** Warm-up rounds count on their own and are left out of the summary. */
    warmUp: Type.Boolean(),
    /** Position of the variant in the round's order, from 0. */
    position: Count,
    /** Position of the variant in the record's list. */
    variant: Count,
    /** The second run of the control in this round. */
    twin: Type.Boolean(),
    wallMs: Type.Number({ exclusiveMinimum: 0 }),
    /** User and system CPU time of the measured process. */
    cpuMs: Milliseconds,
    eventLoopUtilization: Type.Number({ minimum: 0, maximum: 1 }),
    /** The CPU work of the jobs themselves. */
    computeMs: Milliseconds,
    /** What the experiment measures besides, with the unit at the name's end. */
    metrics: Type.Record(Type.String(), Type.Number()),
    boundMs: Milliseconds,
    checksum: Type.String(),
    hold: Type.Object({ shortestMs: Milliseconds, longestMs: Milliseconds, totalMs: Milliseconds }, Closed),
    target: Type.Object(
      { requests: Count, peakInFlight: Count, connectionsUsed: Count, connectionsOpened: Count },
      Closed,
    ),
    /** Why the check of the target found this sample wrong; null where it is right. */
    failure: Type.Union([Type.String(), Type.Null()]),
  },
  Closed,
);

const TraceSchema = Type.Object(
  {
    variant: Count,
    /** By job id, in ms since the sample's first arrival. */
    arrivedMs: Type.Array(Milliseconds),
    releasedMs: Type.Array(Milliseconds),
    /** CPU work: whose, from when and to when. */
    compute: Type.Object(
      { job: Type.Array(Count), fromMs: Type.Array(Milliseconds), toMs: Type.Array(Milliseconds) },
      Closed,
    ),
  },
  Closed,
);

const AxisFields = {
  title: Type.String(),
  scale: Type.Union([Type.Literal('linear'), Type.Literal('log')]),
};
const SeriesSchema = Type.Object(
  {
    figure: Type.String(),
    title: Type.String(),
    relativeTo: Type.Optional(Type.String()),
    axis: Type.Optional(Type.Union([Type.Literal('left'), Type.Literal('right')])),
  },
  Closed,
);
const ChartFields = {
  view: Type.String({ pattern: '^[a-z0-9-]+$' }),
  groups: Type.Optional(Type.Array(Type.String())),
};
/** As `Chart` in model.ts, which says what each is. */
const ChartSchema = Type.Union([
  Type.Object({ ...ChartFields, kind: Type.Literal('speedup') }, Closed),
  Type.Object({ ...ChartFields, kind: Type.Literal('timeline') }, Closed),
  Type.Object(
    {
      ...ChartFields,
      kind: Type.Literal('lines'),
      line: Type.Union([Type.Literal('group'), Type.Literal('variant')]),
      x: Type.Object(
        { ...AxisFields, figure: Type.Optional(Type.String()), parameter: Type.Optional(Type.String()) },
        Closed,
      ),
      left: Type.Object(AxisFields, Closed),
      right: Type.Optional(Type.Object(AxisFields, Closed)),
      series: Type.Array(SeriesSchema, { minItems: 1 }),
      bound: Type.Optional(Type.Boolean()),
    },
    Closed,
  ),
  Type.Object(
    {
      ...ChartFields,
      kind: Type.Literal('bars'),
      x: Type.Object(AxisFields, Closed),
      series: Type.Array(SeriesSchema, { minItems: 1 }),
    },
    Closed,
  ),
  Type.Object(
    { ...ChartFields, kind: Type.Literal('scalability'), parameter: Type.String(), title: Type.String() },
    Closed,
  ),
]);

const RunRecordSchema = Type.Object(
  {
    schemaVersion: Type.Literal(SCHEMA_VERSION),
    experiment: Type.Object(
      { id: Type.String({ pattern: '^[a-z0-9-]+$' }), title: Type.String(), question: Type.String() },
      Closed,
    ),
    charts: Type.Array(ChartSchema),
    /** Which metrics the tables show. */
    columns: Type.Array(Type.Object({ metric: Type.String(), heading: Type.String() }, Closed)),
    /** Groups whose rows do unequal work, so that speedups say nothing, each with the metric that says what a row did. */
    unequalWork: Type.Optional(Type.Record(Type.String(), Type.String())),
    profile: Type.Union([Type.Literal('smoke'), Type.Literal('quick'), Type.Literal('book')]),
    /** The workload: every parameter of the profile. */
    parameters: Type.Record(
      Type.String(),
      Type.Union([Type.Number(), Type.String(), Type.Array(Type.Number()), Type.Array(Type.String())]),
    ),
    rounds: Type.Integer({ minimum: 1 }),
    /**
     * A run that ends once each headline interval is narrower than this share, or after so many minutes for all of its
     * experiments; until then `rounds` is the most that it may have.
     */
    until: Type.Optional(
      Type.Object(
        { share: Type.Number({ exclusiveMinimum: 0 }), withinMinutes: Type.Integer({ minimum: 1 }) },
        Closed,
      ),
    ),
    warmUpRounds: Count,
    seed: Type.Integer({ minimum: 0, maximum: 0xffff_ffff }),
    /** `running` in a record says that its run was killed. */
    status: Type.Union([
      Type.Literal('running'),
      Type.Literal('ok'),
      Type.Literal('errored'),
      Type.Literal('interrupted'),
      Type.Literal('skipped'),
    ]),
    /** What went wrong, or why it was skipped, in one sentence. */
    reason: Type.Union([Type.String(), Type.Null()]),
    environment: EnvironmentSchema,
    /** The peers that ran, with the versions of what they are made of. */
    peers: Type.Optional(
      Type.Array(
        Type.Object({ id: Type.String(), versions: Type.Record(Type.String(), Type.String()) }, Closed),
      ),
    ),
    /** The peers that could not run, with the reason. */
    skippedPeers: Type.Optional(
      Type.Array(Type.Object({ id: Type.String(), reason: Type.String() }, Closed)),
    ),
    /** The latency server that it waited on, where somebody else had started it. */
    remote: Type.Optional(
      Type.Object(
        {
          origin: Type.String(),
          version: Type.String(),
          /** Clients were given the variables that name a proxy. */
          keepProxy: Type.Optional(Type.Literal(true)),
          /** What it was started with, by the names of its options; none in older records. */
          settings: Type.Optional(Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()]))),
        },
        Closed,
      ),
    ),
    /** What each target was started with, by name. */
    targets: Type.Record(
      Type.String(),
      Type.Record(Type.String(), Type.Union([Type.Number(), Type.String()])),
    ),
    /** What a target said that it is, by name, where that is not part of this project. */
    targetVersions: Type.Optional(Type.Record(Type.String(), Type.String())),
    variants: Type.Array(VariantSchema, { minItems: 1 }),
    samples: Type.Array(SampleSchema),
    /** The requests of the first measured round, as the target saw them. */
    traces: Type.Array(TraceSchema),
  },
  Closed,
);

export type RunRecord = Static<typeof RunRecordSchema>;
export type RecordedVariant = Static<typeof VariantSchema>;
export type Sample = Static<typeof SampleSchema>;
export type RecordedTrace = Static<typeof TraceSchema>;
export type Environment = Static<typeof EnvironmentSchema>;

/** A file that is no record; the message is one sentence that names the file and says what is wrong. */
export class RecordError extends Error {}

/**
 * Reads a record.
 *
 * @param file its path
 * @throws RecordError where the file cannot be read, is no JSON, or is no record of this schema
 */
export function readRecord(file: string): RunRecord {
  const value = parse(file, readText(file));
  const version = (value as { schemaVersion?: unknown } | null)?.schemaVersion;
  if (version !== SCHEMA_VERSION)
    throw new RecordError(
      `${file} has schema version ${JSON.stringify(version) ?? 'none'}, and this Overlap reads version ${SCHEMA_VERSION}.`,
    );
  if (!Value.Check(RunRecordSchema, value)) {
    const [fault] = Value.Errors(RunRecordSchema, value);
    throw new RecordError(
      `${file} is not a record: ${fault?.instancePath || 'the whole'} ${fault?.message ?? 'is wrong'}.`,
    );
  }
  const strayed = value.samples.findIndex((sample) => sample.variant >= value.variants.length);
  if (strayed !== -1)
    throw new RecordError(
      `${file} is not a record: sample ${strayed} names a variant that is not in its list.`,
    );
  if (basename(file) !== `${value.experiment.id}.json`)
    throw new RecordError(`${file} is the record of ${value.experiment.id}, and should be named like it.`);
  return value;
}

/** Writes a record whole or not at all; the directory must exist. */
export function writeRecord(directory: string, record: RunRecord): void {
  writeFileWhole(recordFile(directory, record.experiment.id), `${JSON.stringify(record)}\n`);
}

/**
 * Reads every record of a directory of results, in the order of their experiments' names.
 *
 * @returns none where the directory does not exist
 * @throws RecordError where a file that should be a record is none
 */
export function readRecords(directory: string): RunRecord[] {
  return recordNames(directory).map((name) => readRecord(join(directory, name)));
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
